from table import family, site

CONVOLUTIONS = "ImageGradientTests/convolutionsHaveBothDerivatives"
POOLINGS = (
    "ImageGradientTests/poolingsHaveBothDerivatives ImageGradientTests/maximumPoolingHasAThirdDerivative"
)

FAMILIES = [
    family(
        "convolution",
        "Operators/Convolution.swift",
        CONVOLUTIONS,
        site(
            "«self.imageGradient($0, filter)»",
            "-self.imageGradient($0, filter)",
            "self.imageGradient($0, filter.flipped(axes: [0]))",
            "self.imageGradient($0, filter.detached())",
            "self.imageGradient($0.detached(), filter)",
            "nil",
        ),
        site(
            "«self.filterGradient(image, $0)»",
            "-self.filterGradient(image, $0)",
            "self.filterGradient(image.flipped(axes: [1]), $0)",
            "self.filterGradient(image.detached(), $0)",
            "self.filterGradient(image, $0.detached())",
            "nil",
        ),
        site(
            "self.filterGradient(image, $0) },\n"
            "      bias.flatMap { GradientPath(to: $0) { «$0.sum(axes: Array(0..<$0.rank - 1))» } })",
            "$0.mean(axes: Array(0..<$0.rank - 1))",
            "nil",
        ),
        site(
            "GradientPath(to: cotangent) { «self.forward($0, filter, nil)» }",
            "-self.forward($0, filter, nil)",
            "self.forward($0, filter.flipped(axes: [0]), nil)",
            "nil",
        ),
        site(
            "GradientPath(to: filter) { «self.filterGradient($0, cotangent)» }",
            "-self.filterGradient($0, cotangent)",
            "self.filterGradient($0, cotangent.flipped(axes: [1]))",
            "nil",
        ),
        site(
            "GradientPath(to: image) { «self.imageGradient(cotangent, $0)» }",
            "-self.imageGradient(cotangent, $0)",
            "self.imageGradient(cotangent, $0.flipped(axes: [0]))",
            "nil",
        ),
        site(
            "GradientPath(to: cotangent) { «self.forward(image, $0, nil)» }",
            "-self.forward(image, $0, nil)",
            "self.forward(image.flipped(axes: [1]), $0, nil)",
            "nil",
        ),
    ),
    family(
        "transposed convolution",
        "Operators/Convolution.swift",
        "TransposedConvolutionTests",
        site(
            "self.filterGradient($0, cotangent) },\n"
            "      bias.flatMap { GradientPath(to: $0) { «$0.sum(axes: Array(0..<$0.rank - 1))» } })",
            "$0.mean(axes: Array(0..<$0.rank - 1))",
            "nil",
        ),
    ),
    family(
        "resizing",
        "Operators/Resizing.swift",
        "ResizingTests PixelShuffleTests",
        site(
            "«$0.resampled(by: resampling.transposed, axis: axis)»",
            "$0.resampled(by: resampling, axis: axis)",
            "-$0.resampled(by: resampling.transposed, axis: axis)",
            "$0.flipped(axes: [axis]).resampled(by: resampling.transposed, axis: axis)",
            "$0.detached().resampled(by: resampling.transposed, axis: axis)",
            "nil",
        ),
    ),
    family(
        "adaptive pooling",
        "Operators/AdaptivePooling.swift",
        "AdaptivePoolingTests",
        site(
            '«mean(axes: Array(1...spatialAxisCount("globalAveragePooled")))»',
            'detached().mean(axes: Array(1...spatialAxisCount("globalAveragePooled")))',
        ),
        site(
            '«max(axes: Array(1...spatialAxisCount("globalMaxPooled")))»',
            'detached().max(axes: Array(1...spatialAxisCount("globalMaxPooled")))',
        ),
    ),
    family(
        "pooling",
        "Operators/Pooling.swift",
        POOLINGS,
        site(
            'as: "maxPooled", GradientPath(to: images) { «spread($0, to: Region(places))» }',
            "-spread($0, to: Region(places))",
            "spread($0.detached(), to: Region(places))",
            "spread($0.flipped(axes: [1]), to: Region(places))",
            "nil",
        ),
        site(
            "GradientPath(to: pooled) { «gather($0, from: places)» }",
            "-gather($0, from: places)",
            "gather($0.flipped(axes: [1]), from: places)",
            "nil",
        ),
        site(
            'as: "maxPooled selection", GradientPath(to: images) { «spread($0, to: places)» }',
            "-spread($0, to: places)",
            "nil",
        ),
        site(
            "GradientPath(to: images) { «averageTransposed(of: $0)» }",
            "-averageTransposed(of: $0)",
            "averageTransposed(of: $0.detached())",
            "averageTransposed(of: $0.flipped(axes: [1]))",
            "nil",
        ),
        site(
            "GradientPath(to: pooled) { «average(of: $0)» }",
            "-average(of: $0)",
            "average(of: $0.flipped(axes: [1]))",
            "nil",
        ),
    ),
    family(
        "batch normalization",
        "Operators/BatchNormalization.swift",
        "ImageGradientTests/batchNormalizationHasBothDerivatives",
        site('as: "batchNormalized", from: «[self, scale, offset]»)', "[self, offset, scale]"),
        site(
            "«self.batchNormalizationGradients(cotangent, scale: scale, epsilon: epsilon)»",
            "self.batchNormalizationGradients(cotangent, scale: scale.detached(), epsilon: epsilon)",
            "self.batchNormalizationGradients(cotangent, scale: offset, epsilon: epsilon)",
            "self.detached().batchNormalizationGradients(cotangent, scale: scale, epsilon: epsilon)",
        ),
        site(
            "«normalization.gradients(cotangent, scale: scale)»",
            "normalization.gradients(cotangent, scale: offset)",
            "normalization.gradients(self, scale: scale)",
        ),
        site(
            "let factor = «scale * (variance + epsilon).reciprocalSquareRoot()»",
            "scale.detached() * (variance + epsilon).reciprocalSquareRoot()",
        ),
        site("(offset - mean * «factor»)", "factor.detached()"),
        site(
            "let inverseDeviation = «(variance(axes: axes) + epsilon).reciprocalSquareRoot()»",
            "(variance(axes: axes).detached() + epsilon).reciprocalSquareRoot()",
            "(variance(axes: axes) + epsilon).reciprocal()",
        ),
        site(
            "let normalized = («self - mean(axes: axes)») * inverseDeviation",
            "self - mean(axes: axes).detached()",
            "self",
        ),
        site(
            "let scaleGradient = «(cotangent * normalized).sum(axes: axes)»",
            "(cotangent * self).sum(axes: axes)",
            "(cotangent * normalized).mean(axes: axes)",
        ),
        site(
            "let offsetGradient = «cotangent.sum(axes: axes)»",
            "cotangent.mean(axes: axes)",
            "-cotangent.sum(axes: axes)",
        ),
        site(
            "let centered = «cotangent - offsetGradient / rows - normalized * (scaleGradient / rows)»",
            "cotangent - offsetGradient / rows",
            "cotangent - normalized * (scaleGradient / rows)",
            "cotangent",
            "cotangent - offsetGradient / rows + normalized * (scaleGradient / rows)",
        ),
        site(
            "return [«centered * (scale * inverseDeviation)», scaleGradient, offsetGradient]",
            "centered * scale",
            "centered * inverseDeviation",
            "centered * (scale * inverseDeviation.detached())",
        ),
        site(
            "return [centered * (scale * inverseDeviation), «scaleGradient», offsetGradient]",
            "offsetGradient",
            "nil",
        ),
        site(
            "return [centered * (scale * inverseDeviation), scaleGradient, «offsetGradient»]",
            "scaleGradient",
            "nil",
        ),
        site("cotangent: «cotangent.region», x: input.region, rows: rows", "input.region"),
        site("cotangent: cotangent.region, x: «input.region», rows: rows", "cotangent.region"),
        site("cotangent: «cotangent.region», x: input.region, into: $0", "input.region"),
        site("cotangent: cotangent.region, x: «input.region», into: $0", "cotangent.region"),
        site("inverseDeviation: «Region(moments.inverseDeviation)», type: type", "Region(moments.variance)"),
        site(
            "inverseDeviation: «Region(moments.inverseDeviation)», scale: scale.region,\n        parameter",
            "Region(moments.variance)",
        ),
        site("scale: «scale.region»,\n        parameterGradients", "Region(moments.mean)"),
        site("«channelwise(parameters.scale)», channelwise", "channelwise(parameters.offset)"),
        site(
            "channelwise(parameters.scale), «channelwise(parameters.offset)»", "channelwise(parameters.scale)"
        ),
    ),
    family(
        "layer normalization",
        "Operators/LayerNormalization.swift",
        "NormalizationTests",
        site(
            "let operands = «[self, scale, offset].compactMap { $0 }»",
            "[self, offset, scale].compactMap { $0 }",
            "[self, scale].compactMap { $0 }",
        ),
        site(
            "wantsParameters: «wanted.dropFirst().contains(true)»",
            "false",
            "wanted.dropFirst(2).contains(true)",
        ),
        site("return [«gradients.input»]", "nil", "gradients.offset"),
        site("(scale.map { _ in [«gradients.scale»] } ?? [])", "gradients.offset", "nil"),
        site("(offset.map { _ in [«gradients.offset»] } ?? [])", "gradients.scale", "nil"),
        site(
            "let deviations = «self.deviations(axes)»",
            "self - mean(axes: axes, keepsAxes: true).detached()",
            "self",
        ),
        site(
            "let variance = «deviations.squared().mean(axes: axes, keepsAxes: true)»",
            "deviations.detached().squared().mean(axes: axes, keepsAxes: true)",
            "deviations.squared().sum(axes: axes, keepsAxes: true)",
        ),
        site(
            "let sent = «scale.map { cotangent * $0 } ?? cotangent»",
            "cotangent",
            "scale.map { cotangent * $0.detached() } ?? cotangent",
        ),
        site(
            "let along = «normalized * (sent * normalized).mean(axes: axes, keepsAxes: true)»",
            "normalized * (sent * normalized).sum(axes: axes, keepsAxes: true)",
            "normalized * (cotangent * normalized).mean(axes: axes, keepsAxes: true)",
            "(sent * normalized).mean(axes: axes, keepsAxes: true)",
        ),
        site(
            "let centered = «sent - sent.mean(axes: axes, keepsAxes: true) - along»",
            "sent - along",
            "sent - sent.mean(axes: axes, keepsAxes: true)",
            "sent - sent.mean(axes: axes, keepsAxes: true) + along",
        ),
        site("input: «centered * inverseDeviation», scale: cotangent", "centered", "centered * variance"),
        site("scale: «cotangent * normalized», offset: cotangent", "cotangent", "cotangent * self"),
        site("scale: cotangent * normalized, offset: «cotangent»)", "-cotangent", "sent", "centered"),
        site(
            "let normalized = self * «(squared().mean(axes: axes, keepsAxes: true) + epsilon)»",
            "(squared().mean(axes: axes, keepsAxes: true) + epsilon).detached()",
        ),
        site(
            "return «scale.map { normalized * $0 } ?? normalized»",
            "scale.map { normalized * $0.detached() } ?? normalized",
            "scale.map { normalized.detached() * $0 } ?? normalized",
        ),
        site("cotangent: «cotangent.region», x: input.region", "input.region"),
        site("cotangent: cotangent.region, x: «input.region»", "cotangent.region"),
        site("moments: «Region(moments)»", "cotangent.region"),
        site("moments: Region(moments), scale: «scale?.region»", "nil"),
        site("scale: parameters.map { tensor(«$0.scale», rowShape) }", "$0.offset"),
        site("offset: parameters.map { tensor(«$0.offset», rowShape) }", "$0.scale"),
    ),
    family(
        "group normalization",
        "Operators/GroupNormalization.swift",
        "NormalizationTests",
        site(
            "let scaled = «scale.map { normalized * $0 } ?? normalized»",
            "scale.map { normalized * $0.detached() } ?? normalized",
            "scale.map { normalized.detached() * $0 } ?? normalized",
        ),
        site(
            "return «offset.map { scaled + $0 } ?? scaled»",
            "offset.map { scaled + $0.detached() } ?? scaled",
            "offset.map { scaled.detached() + $0 } ?? scaled",
        ),
        site("let normalized = «grouped».layerNormalized", "grouped.detached()"),
    ),
    family(
        "response normalization",
        "Operators/LocalResponseNormalization.swift",
        "NormalizationTests",
        site("return «self» * (meanSquares", "detached()"),
        site("«(meanSquares * alpha + k)»", "(meanSquares * alpha + k).detached()"),
        site("let meanSquares = «squared()»", "(self * detached())"),
        site("before: «size / 2», after: (size - 1) / 2", "(size - 1) / 2"),
    ),
    family(
        "dropout",
        "Operators/Dropout.swift",
        "ImageGradientTests/dropoutHasBothDerivativesUnderOneMask DropoutTests",
        site(
            "replacing(with: «$0 / (1 - probability)», where",
            "$0",
            "$0 / probability",
            "$0.detached() / (1 - probability)",
        ),
        site("where: «isKept»)", "isKept.logicalNot()"),
        site(
            "return «self * factors.dropout(probability: probability, from: stream)»",
            "detached() * factors.dropout(probability: probability, from: stream)",
        ),
    ),
]
