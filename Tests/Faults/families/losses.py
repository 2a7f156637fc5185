from table import family, site

CLASSES = (
    "LossesTests ImageGradientTests/lossesHaveBothDerivatives"
    " ImageGradientTests/crossEntropyIsExactForLargeLogits"
)

FAMILIES = [
    family(
        "softmax",
        "Operators/Softmax.swift",
        "ImageGradientTests/softmaxFamilyHasBothDerivatives",
        site("return «output».rowwiseGradient(Softmax.softmaxGradient", "self"),
        site("return «output».rowwiseGradient(Softmax.logSoftmaxGradient", "self"),
        site("output.rowwiseGradient(«Softmax.softmaxGradient», cotangent)", "Softmax.logSoftmaxGradient"),
        site("output.rowwiseGradient(«Softmax.logSoftmaxGradient», cotangent)", "Softmax.softmaxGradient"),
        site("output.rowwiseGradient(Softmax.softmaxGradient, «cotangent»)", "output"),
        site("output.rowwiseGradient(Softmax.logSoftmaxGradient, «cotangent»)", "output"),
        site("let weighted = «cotangent.passed(by: output)»", "cotangent", "cotangent * output.detached()"),
        site(
            "return «weighted - weighted.sum(axes: [-1], keepsAxes: true).passed(by: output)»",
            "weighted",
            "weighted + output * weighted.sum(axes: [-1], keepsAxes: true)",
            "weighted - output * weighted.mean(axes: [-1], keepsAxes: true)",
            "weighted - output.detached() * weighted.sum(axes: [-1], keepsAxes: true)",
            "weighted - output * weighted.sum(axes: [0], keepsAxes: true)",
        ),
        site(
            "return «cotangent - cotangent.sum(axes: [-1], keepsAxes: true).passed(by: output.exp())»",
            "cotangent",
            "cotangent - output * cotangent.sum(axes: [-1], keepsAxes: true)",
            "cotangent - output.exp().detached() * cotangent.sum(axes: [-1], keepsAxes: true)",
            "cotangent - output.exp() * cotangent.sum(axes: [0], keepsAxes: true)",
        ),
        site("kernel(«cotangent.region», region, $0", "region"),
        site("kernel(cotangent.region, «region», $0", "cotangent.region"),
    ),
    family(
        "cross-entropy",
        "Operators/CrossEntropy.swift",
        CLASSES,
        site(
            "«differentiableGradient(of: logits, cotangent)»",
            "differentiableGradient(of: logits.detached(), cotangent)",
            "differentiableGradient(of: logits, cotangent.detached())",
            "-differentiableGradient(of: logits, cotangent)",
        ),
        site(
            "«gradient(of: source, cotangent, normalizers: normalizers)»",
            "-gradient(of: source, cotangent, normalizers: normalizers)",
            "gradient(of: source, -cotangent, normalizers: normalizers)",
            "gradient(of: source, .ones(like: cotangent), normalizers: normalizers)",
        ),
        site(
            "«present.passed(by: logits.softmax() * total - targets)»",
            "(logits.softmax() - targets) * cotangent.expandedDimensions(at: -1)",
            "logits.softmax() * total * cotangent.expandedDimensions(at: -1)",
            "logits.softmax() * total - targets",
            "(logits.softmax() * total + targets) * cotangent.expandedDimensions(at: -1)",
        ),
        site("where: «total .== 0»)", "total .< 0"),
        site("rowTargets(logits.dataType, smoothing: «smoothing»)", "0"),
        site(
            "let total = «targets.sum(axes: [-1], keepsAxes: true)»",
            "targets.sum(axes: [0], keepsAxes: true)",
            "targets.mean(axes: [-1], keepsAxes: true)",
        ),
        site("cotangent: «cotangent.region», x: logits.region", "logits.region"),
        site("normalizers: «Region(normalizers)»", "cotangent.region"),
        site(
            "return («-(targets * logSoftmax()).sum(axes: [-1])»).reduced",
            "-(targets.detached() * logSoftmax()).sum(axes: [-1])",
            "-(targets * logSoftmax().detached()).sum(axes: [-1])",
        ),
        site("targets = «targets * classWeights»", "targets.detached() * classWeights"),
        site(
            "targets = «targets * (1 - labelSmoothing) + labelSmoothing / Double(shape.sizes[rank - 1])»",
            "targets.detached() * (1 - labelSmoothing) + labelSmoothing / Double(shape.sizes[rank - 1])",
        ),
        site(
            "let counted = «replacing(with: scalarLike(0), where: rowTargets .== 0)»",
            "self",
            "detached().replacing(with: scalarLike(0), where: rowTargets .== 0)",
        ),
    ),
    family(
        "class targets",
        "Operators/ClassTargets.swift",
        CLASSES,
        site(
            "return «losses.sum() / rowTargets(losses.dataType, smoothing: 0).sum()»",
            "losses.detached().sum() / rowTargets(losses.dataType, smoothing: 0).sum()",
        ),
        site(
            "let weighted = «oneHot * (1 - smoothing) + smoothing / Double(classes)»",
            "oneHot",
            "oneHot * (1 - smoothing)",
            "oneHot + smoothing / Double(classes)",
        ),
        site("let targets = «weights.map { weighted * $0 } ?? weighted»", "weighted"),
        site("return «targets * (rowLabels .!= Tensor(ignored)).cast(to: dataType)»", "targets"),
    ),
    family(
        "losses of probabilities",
        "Operators/LossesOfProbabilities.swift",
        "LossesTests",
        site(
            "«$0 / self.clamped(to: 1e-12...(.infinity))»",
            "$0",
            "$0 / self",
            "$0 / self.detached().clamped(to: 1e-12...(.infinity))",
            "-$0 / self.clamped(to: 1e-12...(.infinity))",
            "$0 * self.clamped(to: 1e-12...(.infinity))",
        ),
        site(
            "«-$0 / (1 - self).clamped(to: 1e-12...(.infinity))»",
            "$0 / (1 - self).clamped(to: 1e-12...(.infinity))",
            "-$0 / (1 - self)",
            "-$0 / (1 - self).detached().clamped(to: 1e-12...(.infinity))",
        ),
        site("let (yes, no) = (heldLogarithm(), «heldLogarithmOfRest()»)", "detached().heldLogarithmOfRest()"),
        site("(-(«targets * yes» + (1 - targets) * no))", "targets.detached() * yes"),
        site("(-(targets * yes + «(1 - targets) * no»))", "(1 - targets.detached()) * no"),
        site("let yes = targets * «(-self).softplus()»", "(-self.detached()).softplus()"),
        site(
            "(«positiveWeight.map { yes * $0 } ?? yes»)", "positiveWeight.map { yes * $0.detached() } ?? yes"
        ),
        site(
            "«(1 - targets) * softplus()»",
            "(1 - targets) * detached().softplus()",
            "(1 - targets.detached()) * softplus()",
        ),
        site("let yes = targets * «(logNo * gamma).exp()» * logYes", "(logNo * gamma).exp().detached()"),
        site("* «(logYes * gamma).exp()» * logNo", "(logYes * gamma).exp().detached()"),
        site(
            "let losses = «alpha.map { yes * $0 + no * (1 - $0) } ?? yes + no»",
            "alpha.map { yes * $0 + no.detached() * (1 - $0) } ?? yes + no",
        ),
        site(
            "let overlap = «(self * targets)».sum(axes: axes)",
            "(self * targets.detached())",
            "(detached() * targets)",
        ),
        site(
            "«((self + targets).sum(axes: axes) + smoothing)»",
            "((detached() + targets).sum(axes: axes) + smoothing)",
            "((self + targets.detached()).sum(axes: axes) + smoothing)",
        ),
        site("let isAbsent = «targets.detached() .== 0»", "targets.detached() .!= targets.detached()"),
        site("let expected = «targets».replacing", "targets.detached()"),
        site(
            "let predicted = «replacing(with: scalarLike(0), where: isAbsent)»",
            "detached().replacing(with: scalarLike(0), where: isAbsent)",
        ),
        site("return («targets * (expected - predicted)»)", "targets.detached() * (expected - predicted)"),
    ),
    family(
        "losses of differences",
        "Operators/LossesOfDifferences.swift",
        "LossesTests ImageGradientTests/lossesHaveBothDerivatives",
        site("return «(self - targets)».squared()", "(self - targets.detached())", "(detached() - targets)"),
        site("return «(self - targets)».absolute()", "(self - targets.detached())", "(detached() - targets)"),
        site("let difference = «self - targets»", "self - targets.detached()"),
        site("let held = «difference».clamped", "difference.detached()"),
        site(
            "return held * («difference - held / 2»)",
            "difference.detached() - held / 2",
            "difference - held.detached() / 2",
        ),
        site("return («huberLosses(targets, beta) / beta»)", "huberLosses(targets.detached(), beta) / beta"),
    ),
    family(
        "losses of margins",
        "Operators/LossesOfMargins.swift",
        "LossesTests",
        site("«(1 - signs * self)».relu()", "(1 - signs * detached())"),
        site("«(self * other)».sum(axes: [-1])", "(detached() * other)", "(self * other.detached())"),
        site("* («squared()».sum(axes: [-1]) + smallest)", "detached().squared()"),
        site("(«other.squared()».sum(axes: [-1]) + smallest)", "other.detached().squared()"),
        site("«(cosines - margin)».relu()", "(cosines.detached() - margin)"),
        site(".replacing(with: «1 - cosines», where", "1 - cosines.detached()"),
        site(
            "let near = («self - positives + epsilon»)",
            "self.detached() - positives + epsilon",
            "self - positives.detached() + epsilon",
        ),
        site(
            "let far = («self - negatives + epsilon»)",
            "self.detached() - negatives + epsilon",
            "self - negatives.detached() + epsilon",
        ),
        site(
            "return («near - far + margin»)",
            "near.detached() - far + margin",
            "near - far.detached() + margin",
        ),
    ),
]
