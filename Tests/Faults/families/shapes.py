from table import family, site

FAMILIES = [
    family(
        "views",
        "Operators/Views.swift",
        "ShapeGradientTests/viewsHaveBothDerivatives",
        site(
            "{ «$0.reshaped(to: original)» }",
            "$0",
            "-$0.reshaped(to: original)",
            "nil",
            "$0.detached().reshaped(to: original)",
        ),
        site("{ [inverse] in «$0.transposed(inverse)» }", "$0.transposed(axes)", "$0", "nil"),
        site("{ «$0.squeezed(axis: place)» }", "$0.squeezed(axis: place) * 2", "$0"),
        site("{ «$0.expandedDimensions(at: place)» }", "$0.expandedDimensions(at: 0)", "$0"),
    ),
    family(
        "broadcasting",
        "Tensor/Broadcasting.swift",
        "ShapeGradientTests/viewsHaveBothDerivatives BackwardTests",
        site('as: "broadcast", GradientPath(to: self) { «$0» }', "nil", "$0.detached()", "-$0"),
        site("«sum(axes: repeated)».reshaped(to: shape)", "mean(axes: repeated)", "max(axes: repeated)"),
        site("«shape.sizes[$0 - shift] == 1 && self.shape.sizes[$0] != 1»", "false"),
        site("«$0 < shift» || shape", "false"),
    ),
    family(
        "slicing",
        "Operators/Slicing.swift",
        "ShapeGradientTests/viewsHaveBothDerivatives JoiningTests BackwardTests PaddingTests",
        site(
            "{ «$0.placed(at: slice, in: original)» }",
            "$0",
            "$0.placed(at: slice, in: original) * 2",
            "$0.detached().placed(at: slice, in: original)",
            """$0.placed(
          at: {
            var other = slice
            other.starts = other.starts.map { _ in 0 }
            return other
          }(), in: original)""",
        ),
        site("GradientPath(to: self) { «$0.sliced(slice)» }", "-$0.sliced(slice)", "nil", "$0"),
        site("«kept.replace(slice, with: Tensor.zeros(slice.shape, dataType: cotangent.dataType))»", "()"),
        site("return «kept»", "cotangent", "kept.detached()"),
        site(
            "GradientPath(to: replacement) { «$0.sliced(slice)» }",
            "-$0.sliced(slice)",
            "nil",
            """$0.sliced(
          {
            var other = slice
            other.starts = other.starts.map { _ in 0 }
            return other
          }())""",
        ),
    ),
    family(
        "joining",
        "Operators/Joining.swift",
        "JoiningTests RearrangingTests ProductsTests",
        site(
            "slice.starts[axis] = «start»\n      return slice", "0", "size - start - tensor.shape.sizes[axis]"
        ),
        site(
            "GradientPath(to: tensor) { «$0.sliced(slice)» }",
            "-$0.sliced(slice)",
            "nil",
            "$0.detached().sliced(slice)",
        ),
        site("slice.starts[axis] = «start»\n      slice.sizes", "0"),
        site('recorded(as: "concatenate", paths: «paths»)', "Array(paths.dropLast())"),
    ),
    family(
        "padding",
        "Operators/Padding.swift",
        "PaddingTests",
        site("slice.starts = widths.map(«\\.before»)", "\\.after"),
        site("result.replace(slice, with: «self»)", "self.detached()", "-self"),
        site("return «result».taken(at: Tensor(places), axis: axis)", "result.detached()"),
        site("«place < 0» ? -place", "place <= -2"),
    ),
    family(
        "triangles",
        "Operators/Triangles.swift",
        "TrianglesTests",
        site(
            "where: «columns .> rows + heldToMatrix(diagonal)»",
            "columns .>= rows + heldToMatrix(diagonal)",
            "columns .< rows + heldToMatrix(diagonal)",
            "columns .> rows + Double(diagonal)",
        ),
        site(
            "where: «columns .< rows + heldToMatrix(diagonal)»",
            "columns .<= rows + heldToMatrix(diagonal)",
            "columns .> rows + heldToMatrix(diagonal)",
        ),
        site(
            "return «matrices.flattened(from: others.count)»[",
            "matrices.detached().flattened(from: others.count)",
        ),
    ),
    family(
        "rearranging",
        "Operators/Rearranging.swift",
        "RearrangingTests",
        site(
            "GradientPath(to: self) { «$0.flipped(axes: axes)» }",
            "$0",
            "$0.flipped()",
            "$0.detached().flipped(axes: axes)",
            "-$0.flipped(axes: axes)",
        ),
        site(".concatenate([«parts[1]», parts[0]], axis: axis)", "parts[1].detached()"),
        site(".concatenate([parts[1], «parts[0]»], axis: axis)", "parts[0].detached()"),
        site("return «spread».broadcast(to: repeated)\n      .reshaped(to: Shape", "spread.detached()"),
        site("return «spread».broadcast(to: repeated)\n      .reshaped(to: shape", "spread.detached()"),
    ),
    family(
        "taking",
        "Operators/Taking.swift",
        "TakingTests PaddingTests",
        site(
            "GradientPath(to: tensor) { «summed($0)» }",
            "-summed($0)",
            "nil",
            "summed($0.detached())",
            "summed($0.flipped(axes: [0]))",
        ),
        site("GradientPath(to: slices) { «taken(from: $0)» }", "-taken(from: $0)", "nil"),
        site("Indexing.takeRows(\n        x: x.region, indices: indices.region, into: $0, outer: «extents.outer»", "1"),
        site(
            "scatterAddRows(\n        x: x.region, indices: indices.region, into: $0, outer: extents.outer, rows: «extents.middle»",
            "extents.middle - 1",
        ),
    ),
    family(
        "gathering",
        "Operators/Gathering.swift",
        "GatheringTests SortingTests",
        site(
            "«$0.summed(at: indices, axis: axis, size: middle)»",
            "-$0.summed(at: indices, axis: axis, size: middle)",
            "$0.detached().summed(at: indices, axis: axis, size: middle)",
            "$0.summed(at: indices.flipped(), axis: axis, size: middle)",
            "nil",
        ),
        site(
            "«$0.gatheredUnchecked(at: indices, axis: axis)»",
            "-$0.gatheredUnchecked(at: indices, axis: axis)",
            "nil",
            "$0.gatheredUnchecked(at: indices.flipped(), axis: axis)",
        ),
        site(
            "return «self + updates.summed(at: indices.contiguous(), axis: axis, size: shape.sizes[axis])»",
            "detached() + updates.summed(at: indices.contiguous(), axis: axis, size: shape.sizes[axis])",
            "self + updates.detached()"
            ".summed(at: indices.contiguous(), axis: axis, size: shape.sizes[axis])",
        ),
    ),
    family(
        "sorting",
        "Operators/Sorting.swift",
        "SortingTests",
        site(
            "«$0.summed(at: indices, axis: last, size: columns)»",
            "-$0.summed(at: indices, axis: last, size: columns)",
            "$0.summed(at: indices.flipped(axes: [last]), axis: last, size: columns)",
            "$0.summed(at: indices.flipped(axes: [0]), axis: last, size: columns)",
            "$0.detached().summed(at: indices, axis: last, size: columns)",
            "nil",
        ),
        site("return («recorded».movedAxis", "recorded.detached()"),
    ),
]
