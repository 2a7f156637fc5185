from table import family, site

GRAPH = (
    "BackwardTests CheckpointTests/gradientsHaveTheSameBits CheckpointTests/secondOrderGoesThrough"
    " CheckpointTests/aSourceBehindAnotherIsCountedOnce"
)
RULES = (
    GRAPH + " ElementwiseGradientTests/binaryOperatorsHaveBothDerivatives NormalizationTests"
    " PowersTests GraphLifetimeTests/backwardFreesWhatRulesHoldOnTheWay"
)

FAMILIES = [
    family(
        "backward pass",
        "Graph/BackwardPass.swift",
        RULES + " SlicingTests",
        site("Recording.with(isOn: «createsGraph»)", "false"),
        site(
            "for (node, cotangent) in outputs { «frontier.add(cotangent, at: node)» }",
            "frontier.add(-cotangent, at: node)",
        ),
        site("guard «visit(node, cotangent)» else", "!visit(node, cotangent)"),
        site("!node.sources.contains(where: «isRelevant»)", "{ !isRelevant($0) }"),
        site("node.open(releasing: «!retainsGraph»)", "retainsGraph", "true", "false"),
        site(
            "let wanted = «sources.map { $0.map(isRelevant) ?? false }»",
            "sources.map { !($0.map(isRelevant) ?? false) }",
            "sources.map { _ in false }",
        ),
        site(
            "let gradients = «pull(consume cotangent, wanted)»",
            "pull(-cotangent, wanted)",
            "pull(consume cotangent, wanted).reversed()",
        ),
        site("in zip(«zip(sources, gradients)», wanted)", "zip(sources.reversed(), gradients)"),
        site("guard «isRelevant(path.source)», ", "!isRelevant(path.source)"),
        site("«follow(first, copy cotangent, output, of: node, into: &frontier)»", "()"),
        site("follow(«second», consume cotangent", "first"),
        site("for path in «paths.dropLast()» {", "paths", "paths.dropLast(2)"),
        site("follow(«paths[paths.count - 1]», consume", "paths[0]"),
        site("path.pull, «!createsGraph», ", "true"),
        site(
            "if gradient.shape == source.shape {\n      frontier.add(«gradient», at: source)",
            "gradient.detached()",
        ),
        site(
            "frontier.add(«gradient.summed(to: source.shape)», at: source)",
            "gradient",
            "gradient.summed(to: source.shape).detached()",
        ),
        site(
            "«relevant?.contains(ObjectIdentifier(node)) ?? true»",
            "relevant?.contains(ObjectIdentifier(node)) ?? false",
        ),
    ),
    family(
        "frontier",
        "Graph/Frontier.swift",
        GRAPH + " FrontierTests SlicingTests",
        site(
            "«front!.cotangent += cotangent»",
            "front!.cotangent = cotangent",
            "()",
            "front!.cotangent -= cotangent",
        ),
        site("guard «node.order > front?.node.order ?? orders.first ?? -1» else", "true"),
        site("if let passed = front.take() { «insert(passed)» }", "()"),
        site(
            "«slots[slot]!.cotangent += entry.cotangent»",
            "slots[slot]!.cotangent = entry.cotangent",
            "()",
            "slots[slot]!.cotangent -= entry.cotangent",
        ),
        site("body(&slots[slot]!.cotangent)\n    return «true»", "false"),
        site("«body(&slots[slot]!.cotangent)»", "()"),
        site("«orders.count * 2 > slots.count»", "orders.count > slots.count * 2"),
        site("«closeGap(at: slot)»", "()"),
        site("while let entry = slots[slot], «entry.node.order != order»", "false"),
        site(
            "if «(slot - home(of: entry.node.order)) & mask >= (slot - gap) & mask»", "(slot - home(of: entry.node.order)) & mask < (slot - gap) & mask"
        ),
        site("guard «orders[parent] < orders[child]» else", "orders[parent] > orders[child]", "false"),
        site("if «orders[child] > orders[largest]»", "orders[child] < orders[largest]", "false"),
        site("for child in «[2 * parent + 1, 2 * parent + 2]»", "[2 * parent + 1]"),
    ),
    family(
        "recording",
        "Graph/Recording.swift",
        RULES,
        site(
            "return «pull(consume cotangent)»",
            "copy cotangent",
            "pull(pull(copy cotangent) ?? copy cotangent)",
            "pull((copy cotangent).detached())",
        ),
        site("output.node = «node»", "nil"),
        site("var unchanged: Tensor { «Recording.isOn ? self : detached()» }", "self", "detached()"),
        site("return pull(«consume cotangent», output)", "output", "(copy cotangent).detached()"),
        site("self = «.two(first, second)»", ".one(first)", ".one(second)"),
        site(
            "case .two(let first, let second): «[first.source, second.source]»",
            "[first.source]",
            "[second.source]",
        ),
        site("«first.wantsOutput || second.wantsOutput»", "first.wantsOutput && second.wantsOutput"),
        site("«paths.contains(where: \\.wantsOutput)»", "paths.allSatisfy(\\.wantsOutput)"),
        site(
            "«Recording.circumstances»\n    guard isRecording ||",
            "(true, Recording.circumstances.layerPath)",
        ),
        site("sources: «inputs.map(\\.node)», jointly: pull", "inputs.reversed().map(\\.node)"),
        site(
            "«Recording.circumstances»\n    guard isRecording, sources",
            "(true, Recording.circumstances.layerPath)",
        ),
    ),
    family(
        "nodes",
        "Graph/Node.swift",
        "BackwardTests NormalizationTests GraphLifetimeTests/backwardFreesWhatRulesHoldOnTheWay",
        site("«sum! += gradient»", "sum = gradient", "sum! -= gradient", "()"),
        site("releasing ? «rule.take()» : rule", "rule"),
        site("«swap(&taken, &self)»", "taken = self"),
        site("case .paths(let paths, _): «paths.sources»", "[]"),
        site("case .joint(let sources, _): «sources.compactMap { $0 }»", "[]"),
        site("found.sorted { «$0.order < $1.order» }", "$0.order > $1.order"),
    ),
    family(
        "gradients",
        "Graph/Gradients.swift",
        GRAPH + " MisuseTests",
        site("leaf.accumulate(«createGraph ? cotangent : cotangent.detached()»)", "-cotangent"),
        site("guard let leaf = node as? Leaf else { return «true» }", "false"),
        site("return (node, «.ones(like: self)»)", ".zeros(like: self)", "self"),
        site("return (node, «cotangent»)", ".ones(like: self)"),
        site("if «wanted.contains(ObjectIdentifier(node))» {", "node is Leaf"),
        site(
            "found[ObjectIdentifier(node)] = «createsGraph ? cotangent : cotangent.detached()»",
            "cotangent.detached()",
        ),
        site("return «node.order >= firstOrder»", "false", "true"),
        site("order ?? «targets.compactMap { $0?.order }.min().map { $0 + 1 } ?? .max»", ".max"),
        site("«node.order >= firstOrder && node.isReleased»", "false"),
        site("node.sources.contains(where: { «leading.contains(ObjectIdentifier($0))» })", "false"),
        site("if «targets.contains(identifier)»", "false"),
    ),
    family(
        "hooks",
        "Graph/Hooks.swift",
        "BackwardTests HooksTests",
        site("{ «body($0) ?? $0» }", "$0", "body($0)", "body($0.detached()) ?? $0", "-(body($0) ?? $0)"),
    ),
    family(
        "checkpoints",
        "Graph/Checkpoint.swift",
        GRAPH + " CheckpointTests/nestedCheckpointsAndOnesWithoutGradients"
        " CheckpointTests/gradientsKnowTheNumbersThatTheValueDrew",
        site("retainsGraph: createsGraph, createsGraph: «createsGraph»)", "false"),
        site(
            "let targets = «zip(sources, wanted).map { $1 ? $0 : nil }»",
            "zip(sources, wanted).map { $1 ? nil : $0 }",
        ),
        site("(root, «cotangent»)", "-cotangent", ".ones(like: cotangent)", "cotangent.detached()"),
        site("notBehind: «firstOrder»)", "nil"),
        site("if «source.order < order»", "source.order <= order && outside.isEmpty"),
        site("Recording.with(isOn: «true»)", "false"),
        site("«draws.replaying(body)»", "body()"),
    ),
    family(
        "random draws",
        "Tensor/RandomDraws.swift",
        "CheckpointTests/gradientsKnowTheNumbersThatTheValueDrew",
        site("let next = «draws[identifier]!.popFirst()»", "draws[identifier]!.first"),
    ),
    family(
        "assignment",
        "Operators/Arithmetic.swift",
        "BackwardTests InPlaceTests",
        site("guard «other.node == nil», other.isContiguous", "true"),
        site("other.isContiguous, «shape == other.shape», ", "count == other.count"),
        site("dataType != .bool, !Anomalies.areWatched, «mayBeOverwritten()»", "true"),
        site("dataType.holds(number), !Anomalies.areWatched, «mayBeOverwritten()»", "true"),
        site("x.combine(.add, number) { «$0 + $1» }", "$0 - $1"),
        site("x.combine(.subtract, number) { «$0 - $1» }", "$0 - -$1"),
        site("x.combine(.multiply, number) { «$0 * $1» }", "$0 / $1"),
        site("x.combine(.divide, number) { «$0 / $1» }", "$0 * $1"),
        site("x.combine(.add, y) { «$0 + $1» }", "$0 - $1"),
        site("x.combine(.subtract, y) { «$0 - $1» }", "$0 - $1.detached()"),
        site("x.combine(.multiply, y) { «$0 * $1» }", "$0 * $1.detached()"),
        site("x.combine(.divide, y) { «$0 / $1» }", "$0 / $1.detached()"),
    ),
    family(
        "memory that is overwritten",
        "Tensor/Tensor.swift",
        "InPlaceTests",
        site("«isContiguous» && region.byteOffset == 0", "true"),
        site("isContiguous && «region.byteOffset == 0»", "true"),
        site("region.byteOffset == 0 && «isUniquelyHeld()»", "true"),
        site("«node == nil» && region.isUniquelyHeld()", "true"),
    ),
    family(
        "values that overwrite",
        "Operators/ElementwiseValues.swift",
        "InPlaceTests",
        site("guard x.shape == y.shape, «x.isContiguous», y.mayBeOverwritten()", "true"),
        site("x.isContiguous, «y.mayBeOverwritten()»", "true"),
    ),
]
