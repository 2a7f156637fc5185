import CAdjointKernels

extension Softmax {
  /// The cross entropy of the softmax of rows of logits with int64 labels.
  ///
  /// A row's target is t = (1 - labelSmoothing) · weight · [c is the label] + labelSmoothing · weight ÷ columns,
  /// and its loss -Σ t · log softmax(x). The mean over a batch is the caller's.
  package struct CrossEntropy: Sendable {
    /// The share of each target that is spread evenly over all classes.
    package var labelSmoothing: Double
    /// Rows with this label have no loss and no gradient.
    package var ignoredLabel: Int64
    /// [columns] of the logits' type; every class weighs 1 without.
    package var classWeights: Region?

    package init(labelSmoothing: Double = 0, ignoredLabel: Int64 = -100, classWeights: Region? = nil) {
      self.labelSmoothing = labelSmoothing
      self.ignoredLabel = ignoredLabel
      self.classWeights = classWeights
    }

    /// Writes each row's loss to `loss`, [rows], and returns what the gradient needs: [rows, 2].
    package func losses(
      x: Region, labels: Region, into loss: Buffer, rows: Int, columns: Int, type: ElementType
    ) -> Buffer {
      let kernels = type.kernels(of: KernelTable.current.softmax)
      let normalizers = Buffer(byteCount: 2 * rows * type.byteCount)
      let (source, target, kept) = (x.pointer, loss.pointer, normalizers.pointer)
      let classes = Indexing.pointer(labels)
      withUnsafePointer(to: forKernels) { options in
        divide(rows, columns) { range in
          let row = range.lowerBound * type.byteCount
          kernels.cross_entropy(
            options, source + row * columns, classes + range.lowerBound, range.count, columns, target + row,
            kept + 2 * row)
        }
      }
      return normalizers
    }

    /// Writes g · (softmax(x) · Σ t - t) to `gradient`, where the cotangent g is [rows].
    package func gradient(
      cotangent: Region, x: Region, labels: Region, normalizers: Region, into gradient: Buffer, rows: Int,
      columns: Int, type: ElementType
    ) {
      let kernels = type.kernels(of: KernelTable.current.softmax)
      let (sent, source, kept) = (cotangent.pointer, x.pointer, normalizers.pointer)
      let (classes, target) = (Indexing.pointer(labels), gradient.pointer)
      withUnsafePointer(to: forKernels) { options in
        divide(rows, columns) { range in
          let row = range.lowerBound * type.byteCount
          kernels.cross_entropy_gradient(
            options, sent + row, source + row * columns, classes + range.lowerBound, kept + 2 * row,
            range.count, columns, target + row * columns)
        }
      }
    }

    /// Valid for as long as the weights' buffer lives.
    private var forKernels: AdjointCrossEntropy {
      AdjointCrossEntropy(
        label_smoothing: labelSmoothing, ignored_label: ignoredLabel,
        class_weights: classWeights.map { UnsafeRawPointer($0.pointer) })
    }
  }
}
