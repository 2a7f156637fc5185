import Foundation

@testable import AdjointData

/// Streams written by zlib 1.2.13 through Python's module of that name.
enum ZlibStreams {
  /// The content of each stream of `all`: letters of geometric frequency, and runs.
  static let sample: [UInt8] = {
    var bytes: [UInt8] = []
    var state: UInt32 = 1
    while bytes.count < 1500 {
      state = (state &* 1_103_515_245 &+ 12345) & 0x7fff_ffff
      let number = state >> 12
      if number % 16 == 0 {
        bytes += [UInt8](repeating: UInt8(number >> 4 & 0xff), count: Int(number % 97) + 1)
      } else {
        bytes.append(97 + UInt8((number >> 4 | 1 << 14).trailingZeroBitCount))
      }
    }
    return Array(bytes.prefix(1500))
  }()

  /// Letters of which each is as frequent as the two before it together: codes of all lengths up to 15 bits.
  static let fibonacci: [UInt8] = {
    var (count, next) = (1, 1)
    return (0..<17).flatMap { symbol -> [UInt8] in
      defer { (count, next) = (next, count + next) }
      return [UInt8](repeating: 65 + UInt8(symbol), count: count)
    }
  }()

  static func bytes(_ text: String) -> [UInt8] {
    [UInt8](Data(base64Encoded: text, options: .ignoreUnknownCharacters)!)
  }

  /// The content of a stream that ends where the bytes do, its checksum checked; the header is left out.
  static func content(of stream: [UInt8]) throws(DataError) -> [UInt8] {
    try Inflater.decompress(Array(stream.dropFirst(2)), file: "a.zlib", operation: "zlib", limit: 1 << 32) {
      (inflater: inout Inflater) throws(StreamFault) in
      let start = try inflater.inflateStream()
      let stored = UInt32(truncatingIfNeeded: try inflater.reader.bits(32)).byteSwapped
      let sum = inflater.output.withBytes(from: start) { bytes in
        var adler = Adler32()
        adler.update(bytes)
        return adler.value
      }
      try StreamFault.check("data", sum: Int(sum), stored: Int(stored))
      guard inflater.reader.isAtEnd else {
        throw StreamFault(problem: "bytes after the end", given: "\(stream.count) bytes", expected: "fewer")
      }
    }
  }

  static let fibonacciStream = bytes(
    """
    eAEFwYGB2zAMBMHakvzbEgnc7fbfTGb+/P337+fn5/f39/f38/l8Pp/P5/v9fr/f7/f7/X6/z/M8z/M8z/M8z/M8z/M8z/u+7/u+
    7/u+7/u+7/u+7/u+7/u+7/u+7/uec84555xzzjnnnHPOOeecc84555xzzjnnnHPOOeecc845595777333nvvvffee++999577733
    3nvvvffee++9995777333nvvvffee++9995777333nvvvffOzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM
    zMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzs7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u
    7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7m6S
    JEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmS
    JEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEmSJEnatm3btm3btm3b
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3b
    tm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm3btm1bAAAAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    AAAAAAAAAAAAAAAAAAAAQFVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV
    VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV
    VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV
    VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV
    VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV
    VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV1f+mVBCG
    """)

  /// `sample` in a gzip file with extra field, name, comment and header checksum.
  static let gzipFile = bytes(
    """
    H4sIH9IClkkCAwgAQUIEAGFiY2RzYW1wbGUudHh0AGEgY29tbWVudAA7NbWUMQ7CMAxFNzYkzsHKzhUQIxIS+rYTyoC4RldGFsTM
    ATgf/k4HlkIV2qdISaPkx/l2KgJHoN6rIj5EYmrXh7QfKLjcm8V2jsXHVDn8pDsPhvnEeDii3hihIGU/15D8zpywWz2Um40Hwxuw
    yrhOxTxvxf3wvR0LZQb33wHOI8PEoHAdlWNormphha47xMJxr55heFoyiw0npujRR3mEtvkHxqV08F6L11RqqCJY/oeXD2/tQmIN
    wjBNiijX+E08ByGh0u1h7yNDJijynM3YOuUVyGVq8KrDdDElzL2imFuMwRsBi9JF3AUAAA==
    """)

  static let all: [(name: String, stream: [UInt8])] = [
    (
      "level 0",
      bytes(
        """
        eAEB3AUj+mJiYWFhYWJhY2JhYWNjYWFhYWFiYmJhYWFiYVlZWVlZWVlZWVlZWVlZWVlZWVlZWVlZWVliiIiIiIiIiIiIiIiIY2Fi
        YmFhYmFhZGNjYWFhYmFhYmJhZGNhYmJiX19fX19fX19fX19fX19fX19fX19fX19fX19fX19fX19fX2FhYWFhYmJhZGENDQ0NDQ0N
        DQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0N
        DQ0NDQ0NDQ0NDQ0NDQ1iYmJiY2JiY2FhYmFiYWVmYWFhZGFlYWFjYWFiYWSZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ
        mZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmWJhYmEGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYG
        BgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgZhYmFiBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBmFkYWJh
        YmNiZGFjYmJhYWJhYWJhYWJiiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI
        iIiIiIiIiIiIiIiIiIiIiGNhZGNhXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXGFhbW1tbW1tbW1tbW1tbW1tbW1tbW1t
        bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1hYmFlYWFhYWFhYZGRkZGR
        kZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkWdh
        YWFhYTMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM2FiYmE+Pj4+Pj4+PmJk
        Y2JiYWFhYWRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGFhYmZmYWFhYWlhYmFhoKCgoKCgoKCgoKCgoKCg
        oKCgoKCgoKCgoGFhYWFiYWRPT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09P
        T09PYmJhYWNhZWFhnp6enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6enp6eYmFiZWhi
        YWFjYmEqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKioqKipkY2FmYWFh
        Y2JhYmRoYWJhYWFhY2VjYWFjYmJhY2FhYWKqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqmJhZmFhYWJiYWNh
        YWFhYmJhYmFjZGFmZmZmZmFhYWFjYmFhYWJiZmFRUVFRYWJhYWJhYm9vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29v
        b29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb29htra2tra2tra2tra2
        tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tmRjEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ
        EBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQYWFjYWNhYWNhYWFi
        YWNiYWFhYRbxGbI=
        """)
    ),
    (
      "level 1",
      bytes(
        """
        eAG1lDsKAkEQRDMzwXOYmnsFMRQEqereVQPxGqaGJmLsATyfVeMGJn7Yz2Nhm6GnZrq6d0kIIvSOcAzSa8TqEzy9Ecp3NrJsd0zF
        Vtn8pDkPifHA6DoMPb4qUdU6OVGpZi/kpT2WG/WHr/dbTXdXXjDVt5f7xfe3tnQLwx1cfwc49IxqUkcK517ZFs1ZWzzR8wZmcVzT
        8x8ar9rDhr2qw+0TztAcLrrgSQg7eG2LZqraWYWYdkPj46olxNy5csWVvjWb578M73/BotLscRu0O1GbImlhssZS+BQlHIcGj3Zk
        TIZE3trZYq59F08W8Rmy
        """)
    ),
    (
      "level 2",
      bytes(
        """
        eF61lDsKAkEQRDMzwXOYmnsFMRQEqereVQPxGqaGJmLsATyfVeMGJn7Yz2Nhm6Gnpqe6d0kIIvSOcAzSa8TqEzy9Ecp3NrJsd0zF
        Vtn8pDkPifHAqByGHldIVLVOTlS6sxfy0h7LjfrD5f1WU+3KC6b69nK/+P7el05xuIPr7wCHnnFjykQA517ZFs1ZWzzR8wZmcVzT
        8x9qS+1hw96fxu0TztAcLrrgusIOXtuimap2ViGm3dD4+NYSYu58c8WVvjWbV34T979gUWn2+K3didoUSQuTNZbCpyjhODR4tCNj
        MiTuvQ22Iy9j8AQW8Rmy
        """)
    ),
    (
      "level 3",
      bytes(
        """
        eF61lDtuAkEQRDMyJM7hlNxXQISWLKGq7l3jwPI1nBKSIMccgPNR1buySDBoP08rbWs0U9PT1TMkBBH6RzgG6THi7R78uSE037OR
        tdwxFVtl95B+PySWM6N0GPqcIdG02jnR6MweyONwLLeYDqf3WE25a14w5VtX/ar7rS+j4rCD7/8DfE2MjamOAA6T8lGa66G4o197
        mFVxdc9zyJbWzYZPW/R7j+4S5mYMzitcwdNQ1FPN3irEyzjUPj61hJh7n1xxo7vm4tUzcX4Klkq/xn+tTrSmJOuhYout6G4Bv+cG
        l2FkrObE3rvAf685cAUW8Rmy
        """)
    ),
    (
      "level 4",
      bytes(
        """
        eF61lD1qQ0EMhLt0hpzDrftcIbg0BMyM9J6dIuQaaV26Mal9AJ8vM/IrTIx/eD8fCyvErlar0S4JQYTmCNsg7SNWt+DPBQEv18ja
        bpuyHWX9kO48JGYTo3QYGs6QaFqdm2h0Zzty3x+HexkPp/ffd41y17pgSrdz9avul7oMIqzgx32Ar5GxMNURwG5UNhVz0Rd36FsH
        syqu7nkOydK62fBpiX5vUe8A+T4E5xWu4KEv6qlm6yjEfBhqH99agZhb31x2E3bQTw48PgUrSrfHs6xEaypkfVRssRTnV8DvqcGp
        HxmvU2LtXeBqpCoM/gAW8Rmy
        """)
    ),
    (
      "level 5",
      bytes(
        """
        eF61lD0OwjAMhTc2JM7Bys4VECMSEnq2W2BAXIOVkQUxcwDOx3tOBxag6s+nSHEj58WxnZqBGJyzO/LDLJc237DLBw65c0Rul220
        pbL7S3MeAtORYTjmHIrQUNU8N1DxzlqIW3ckNxkOhffPh14hP7dg3Ur2M++XoXBVcPsb4DQwKgwK10HZp+aiK+rQZYNFZpzd0w6W
        pVaz4agSPb5RHmGs+qC4XBm8d4U9VR2kYpj3g+2jW1PI4oBMmFeObNf8TTxbYanS7NFMK1ALFHmt1liT8grsPDZ4dSN8NiaqvaMk
        tyQGbxbxGbI=
        """)
    ),
    (
      "levels 6 to 9",
      bytes(
        """
        eJy1lDEOwjAMRTc2JM7Bys4VECMSEvq2E8qAuEZXRhbEzAE4H/5OB5ZCFdqnSEmj5Mf5dioCR6DeqyI+RGJq14e0Hyi43JvFdo7F
        x1Q5/KQ7D4b5xHg4ot4YoSBlP9eQ/M6csFs9lJuNB8MbsMq4TsU8b8X98L0dC2UG998BziPDxKBwHZVjaK5qYYWuO8TCca+eYXha
        MosNJ6bo0Ud5hLb5B8aldPBei9dUaqgiWP6Hlw9v7UJiDcIwTYoo1/hNPAchodLtYe8jQyYo8pzN2DrlFchlavCqw3QxJcy9ophb
        jMEbFvEZsg==
        """)
    ),
    (
      "filtered",
      bytes(
        """
        eJy11DFKBFEQRdHMTHAdpuZuQToUBLn31f+OgbgNU0MTMXYBrs/gd6DBaNPdc+KCglfUUwCJkACgAnJ7jC8/BAWhEkBQKqj3/5r3
        UZyfmGo0INI6UDQISL2tJ3K2H8QFU4UYi8zpC/66yyahwt3f4GlnSGN43dUDAFdroVzPrChALQP2DvCI8HHMeMK62UIhNHhfS2wH
        IXK5TYUORKwDAqQFogTwcxHpoyAyF4Wk6L2PTCOgnWmapvEFPp8aX+tULk4JQhjhjmD4BhbxGbI=
        """)
    ),
    (
      "Huffman only",
      bytes(
        """
        eAEFwbHJBDkMBtBMmUB1OHW+LZg/HBgwn8a7dxcItaFUoRMzsQtwffeeKgAoHgWeBwCgqgAU13Vd13Vd13Vd13Vd13Vd13Vdl0ZE
        RERERDxQBRQYzwNAAVWMB6rae++9995777333nvvvffee++99947AEAVA8zMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM
        zMzMzMzMzMzMzMzMzMzMzKqqj+oDKBTfH4CBL/AAijHnnHPOOeecc84555xzzjnnnHPOOeecc84555xzzjnnnHPOOedUKIiIiIiI
        iIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIgICiUiIiIiIiIiIiIiIiIiIiIiwoBCHx14VAEFFFCNiIiIiIiIiIiIiIiI
        iIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIB+PBfd/3fd/3fd/3fd/3fd/3fd/3fd/3fd+AmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZ
        mZmZmZmZmZmZmZmZmZmZGRRfAACQmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZn5DwCg1lprrbXWWmuttdZa
        a6211lprrbXWWmuttdZaa6211lprrbVCFZ/P5/P5fD46HlUAGGOMMcYYY4wxxhhjjDHGGGOMMcYYY4wxBqC/HwD8BwXe933f933f
        933f933f933f931fAFCM1lprrbXWWmuttdZaa6211lprrbXWWmuttdZaa6211lprrbXWWmuqwIMvsNZaa6211lprrbXWWmuttdZa
        a6211lprrbXWWmuttdZaa621FPr9V4FHUUoppZRSSimllFJKKaWUUkoppZRSSimllFJKKaWUUkoppZRSSimllPHgB+BR6PgXCgDP
        9wEeVTwAdO+9995777333nvvvffee++999577733VvwAqOIBAFUonoHf7/f7AcCjAFR/+Pv7+4MCCnV3d3d3d3d3d3d3d3d3d3d3
        d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3d3ecc84555xzzjnnnHPOOeecc84555xzzjnnnHPOOeecc845ZzwiIiIiIiIi
        IiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiAjx4gAeA4lEA+B8W8Rmy
        """)
    ),
    (
      "run lengths",
      bytes(
        """
        eAG1wSFOA1EYRlFXR8I6sHi2QJAkJOTe73+PIgjbqEViCJoFsD7epAhMaTOdOUcZJELCRAXk/hB3fwQFoRJAUCqoj0cxUYqLlTlE
        AyKtA0WDgNT7fCKb5SBujqIQYxEFQdDdUkKFh//By8KQxt7bop6YXM+FcvPLijLUacDeGZ4RPg9hkLo9h0Jo8DGX2LZC5Oo8FToQ
        sbbIkBaIEsCvk0gHlDAokqJPGCKgnbsBQXxdG9/zVC7XBCEQQCLDDxbxGbI=
        """)
    ),
    (
      "fixed codes",
      bytes(
        """
        eAFLSkoEgqTEZCCdnJwI5iQlgYUicYGkDiSQnAhSDkQpYO0gdhKQDTIlniCA2peYkshLYwB0TlIyEIFcmJSYmga0NyUxFehnkEDK
        TPIByDg26gGQ84hQlQJSl5yUAow3SOiDw72DWiAZFIMx+EFiYi6VAShiEiFgIlVBOthMY3IBKIXaQUFSCjjEgamHOACMljRQYkvM
        BEXRAlwAkglT/CkBIHclg0JwHrkAmKZSM0CmJCVqUQaAyQfka6BBSSkZieAAS05NTgQnV3AxsYookAQ2BaoHRANZKYlpIJAIMR4k
        mpYYCASQXJCUT2uQuI08kJIsQEsAivvkREjgQgImEQAW8Rmy
        """)
    ),
    (
      "window of 512",
      bytes(
        """
        GNO1j7FOw0AQRDs6JL4jLT2/gFJGQkIzu3c4RcRvuKVME1HnA/J9zJxd0Bgsx3630u6t9uZ2SAgilCPQLmRrHaZg/4uAxxXZnrum
        aqu8/8v4HxKPG6N1GApvSJSqfxNFnt3I83Is97AeXm/GVHoumJAnO2jBfi0CGXj7G+C0MjJRMPC1Kh9N83kpIPEywgzdRM4DYK2e
        P8odvqfwBJGv9+C9AgW4LIVg6axC7O4jA3YtIWYnZ65LuEHtKK/XWbCpjG+cVSWqwSDvbsVe+BcNfG4NbsvIeNoSIHQcIIJK+AEW
        8Rmy
        """)
    ),
  ]
}
