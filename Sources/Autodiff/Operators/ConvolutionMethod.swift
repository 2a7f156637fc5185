/// How a convolution and its gradients are computed.
public enum ConvolutionMethod: Sendable, Hashable {
  /// Winograd's method where it is faster, else the direct one.
  ///
  /// Winograd's method is taken in `float32`, for 3×3 filters without dilation and groups, and without strides or with
  /// strides of 2; where both images have 16 channels or more, there are at least two tiles, those of the whole batch
  /// together, and it saves a third of the multiplications or more. It is also taken for 7×7 and 8×8 filters with
  /// strides of 2 that lead from 3 or 4 channels to 48 or more; a transposed convolution with a bias is direct there. So an
  /// image's output may differ in rounding with the size of its batch.
  ///
  /// It takes tiles of the image through sums and differences, which saves up to three quarters of
  /// the multiplications and rounds more. With normally distributed numbers, these are its errors and those of the
  /// direct method, as multiples of the root mean square of the outputs:
  ///
  /// | Input channels | 16 | 64 | 256 | 512 |
  /// | --- | --- | --- | --- | --- |
  /// | root mean square | 5.0e-7 | 7.9e-7 | 1.5e-6 | 1.5e-6 |
  /// | largest of 262,144 | 5.2e-6 | 7.9e-6 | 1.8e-5 | 1.7e-5 |
  /// | root mean square, direct | 2.1e-7 | 4.2e-7 | 8.3e-7 | 1.2e-6 |
  /// | largest, direct | 2.4e-6 | 5.1e-6 | 1.3e-5 | 1.3e-5 |
  ///
  /// The input's gradient has the errors of as many output channels, and the filter's at most 7e-7, with 7.5e-6 the
  /// largest. With strides of 2 the errors are a tenth smaller, but the largest of the input's gradient 1.9e-5. The
  /// outputs of 7×7 and 8×8 filters have errors as small as with 16 channels. Outputs of 2×2 and the like have
  /// smaller tiles, with errors as small as the direct method's up to 64 channels and 1.7 times as large beyond; a
  /// last row or column of one or two outputs, whose tiles are small as well, rounds a little less than the rest. A
  /// number that is NaN or infinite may make a NaN of each output that shares a tile with it, up to 4 places away, and
  /// of each number of a filter's gradient in its channel.
  ///
  /// - Source: Lavin, Gray, Fast Algorithms for Convolutional Neural Networks, 2016, doi:10.1109/CVPR.2016.435.
  case automatic
  /// The products of the definition, summed in the order of the filter's taps and the channels. A filter's gradient may
  /// come from the products of the image with a padded gradient of the output: there, a number of the image that is NaN
  /// or infinite makes a NaN also of taps that meet it at no window.
  case direct
}
