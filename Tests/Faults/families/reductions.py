from table import family, site

REDUCTIONS = (
    "ShapeGradientTests/reductionsHaveBothDerivatives ShapeGradientTests/tiesShareTheGradientOfAnExtreme"
)
PRODUCTS = (
    "ShapeGradientTests/productsHaveBothDerivatives ShapeGradientTests/aBiasIsAddedToEveryRow"
    " EinsumTests/outerProductsHaveBothDerivatives"
)

FAMILIES = [
    family(
        "reductions",
        "Operators/Reductions.swift",
        REDUCTIONS,
        site(
            "{ «$0.reshaped(to: kept).broadcast(to: original)» }",
            "$0.broadcast(to: original)",
            "-$0.reshaped(to: kept).broadcast(to: original)",
            "$0.detached().reshaped(to: kept).broadcast(to: original)",
            "$0.reshaped(to: kept) * 2",
        ),
        site(
            "return «sum(axes: axes, keepsAxes: keepsAxes) / Double(shape.count(over: axes))»",
            "sum(axes: axes, keepsAxes: keepsAxes).detached() / Double(shape.count(over: axes))",
        ),
        site("let shifted = «self» - detached()", "self.detached()"),
        site(
            "return shifted - «shifted.mean(axes: axes, keepsAxes: true)»",
            "shifted.detached().mean(axes: axes, keepsAxes: true)",
            "shifted.mean() * 0",
        ),
        site(
            "return «deviations(axes).squared().sum(axes: axes, keepsAxes: keepsAxes)»",
            "(deviations(axes).detached() * deviations(axes)).sum(axes: axes, keepsAxes: keepsAxes)",
        ),
        site(
            "(detached() .== «output.detached().reshaped(to: kept)»)", "-output.detached().reshaped(to: kept)"
        ),
        site(
            "let share = «isExtreme / isExtreme.sum(axes: axes, keepsAxes: true)»",
            "isExtreme",
            "isExtreme / isExtreme.sum()",
            "1 - isExtreme",
        ),
        site(
            "return «cotangent.reshaped(to: kept).passed(by: share)»",
            "cotangent.reshaped(to: kept)",
            "share",
            "-(cotangent.reshaped(to: kept) * share)",
            "cotangent.detached().reshaped(to: kept) * share",
        ),
    ),
    family(
        "norms",
        "Operators/Norms.swift",
        "NormsTests ExtremesTests",
        site(
            "«$0.reshaped(to: kept).passed(by: detached().sign())»",
            "$0.reshaped(to: kept) * self",
            "$0.reshaped(to: kept)",
            "detached().sign()",
            "-($0.reshaped(to: kept) * detached().sign())",
        ),
        site(
            "return «sent.reshaped(to: kept).passed(by: self / length.reshaped(to: kept))»",
            "self * sent.reshaped(to: kept)",
            "self / length.reshaped(to: kept)",
            "self.detached() / length.reshaped(to: kept) * sent.reshaped(to: kept)",
            "self / length.detached().reshaped(to: kept) * sent.reshaped(to: kept)",
            "self / length.reshaped(to: kept) * sent.detached().reshaped(to: kept)",
            "-(self / length.reshaped(to: kept) * sent.reshaped(to: kept))",
            "self * (sent / length).reshaped(to: kept)",
        ),
        site(
            "let length = norm.replacing(with: norm.scalarLike(1), where: «isZero»)",
            "isZero.logicalNot()",
            "isZero.logicalAnd(isZero.logicalNot())",
        ),
        site("let sent = «cotangent.replacing(with: cotangent.scalarLike(0), where: isZero)»", "cotangent"),
        site(
            "return «deviations(axes).l2Norm(axes: axes, keepsAxes: keepsAxes)»",
            "deviations(axes).detached().l2Norm(axes: axes, keepsAxes: keepsAxes)",
        ),
        site(
            "let powers = «(self - shift(axes)).exp()»",
            "self.exp()",
            "(self.detached() - shift(axes)).exp()",
        ),
        site(
            "let total = «powers.sum(axes: axes, keepsAxes: true)»",
            "powers.sum(axes: axes, keepsAxes: true).detached()",
            "powers.sum()",
        ),
        site("where: «total.detached() .== 0»", "total.detached() .> 0"),
        site(
            "return «cotangent.reshaped(to: kept).passed(by: powers / divisor)»",
            "powers / divisor",
            "powers * cotangent.reshaped(to: kept)",
            "powers / divisor * cotangent.detached().reshaped(to: kept)",
            "-(powers / divisor * cotangent.reshaped(to: kept))",
        ),
    ),
    family(
        "products",
        "Operators/Products.swift",
        "ProductsTests",
        site(
            "«$0.reshaped(to: kept).passed(by: self.productsOfOthers(axes))»",
            "self.productsOfOthers(axes)",
            "$0.reshaped(to: kept) * self",
            "$0.reshaped(to: kept) * self.detached().productsOfOthers(axes)",
            "-($0.reshaped(to: kept) * self.productsOfOthers(axes))",
            "$0.reshaped(to: kept) * self.product(axes: axes, keepsAxes: true) / self",
        ),
        site(".transposed(«inverse»)", "order"),
        site(
            ".concatenate([«parts[1] * shared[0]», parts[0] * shared[0], shared[1]])",
            "parts[0] * shared[0]",
            "shared[0]",
            "parts[1]",
        ),
        site(
            ".concatenate([parts[1] * shared[0], «parts[0] * shared[0]», shared[1]])",
            "parts[0]",
            "parts[0].detached() * shared[0]",
        ),
        site("shared[0], «shared[1]»])", "parts[2]", "shared[1].detached()"),
    ),
    family(
        "cumulative sum",
        "Operators/CumulativeSum.swift",
        "CumulativeSumTests",
        site(
            "«$0.cumulativeSum(axis: axis, isReversed: !isReversed)»",
            "$0.cumulativeSum(axis: axis, isReversed: isReversed)",
            "$0.cumulativeSum(axis: 0, isReversed: !isReversed)",
            "$0",
            "-$0.cumulativeSum(axis: axis, isReversed: !isReversed)",
            "$0.detached().cumulativeSum(axis: axis, isReversed: !isReversed)",
        ),
    ),
    family(
        "einsum",
        "Operators/Einsum.swift",
        "EinsumTests",
        site("tensor = «tensor.diagonal(first, last)»", "tensor.detached().diagonal(first, last)"),
        site(
            "return LabeledTensor(«tensor.sum(axes: axes)», labels.filter",
            "tensor.detached().sum(axes: axes)",
        ),
        site("let product = inner.isEmpty ? «x * y» :", "x.detached() * y", "x * y.detached()"),
        site(
            "x * y : «x.matrixProduct(y)»", "x.detached().matrixProduct(y)", "x.matrixProduct(y.detached())"
        ),
    ),
    family(
        "matrix product",
        "Operators/MatrixProduct.swift",
        PRODUCTS,
        site(
            "«$0.matrixProduct(other.transposed())»",
            "$0.matrixProduct(other)",
            "$0.matrixProduct(other.detached().transposed())",
            "-$0.matrixProduct(other.transposed())",
            "$0.matrixProduct(other.flipped(axes: [-1]).transposed())",
            "nil",
        ),
        site(
            "«self.transposed().matrixProduct($0)»",
            "self.matrixProduct($0)",
            "$0.transposed().matrixProduct(self)",
            "self.detached().transposed().matrixProduct($0)",
            "-self.transposed().matrixProduct($0)",
            "nil",
        ),
        site(
            "bias.flatMap { GradientPath(to: $0) { «$0» } }",
            "-$0",
            "$0.detached()",
            "nil",
        ),
        site(
            "return «expandedDimensions(at: 1) * other»",
            "expandedDimensions(at: 1) * other.detached()",
            "detached().expandedDimensions(at: 1) * other",
        ),
    ),
]
