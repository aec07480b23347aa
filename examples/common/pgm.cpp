#include "pgm.hpp"

#include <cctype>
#include <eigencoder/extend/errors.hpp>
#include <fstream>
#include <string>

namespace examples {

using eigencoder::Index;

namespace {

/// The next number of a header, in which comments begin with # and end with the line; 0 where there is none.
Index header_number(std::istream& in) {
  while (std::isspace(in.peek()) != 0 || in.peek() == '#') {
    if (in.get() != '#') continue;
    std::string comment;
    std::getline(in, comment);
  }
  Index value = 0;
  for (int digits = 0; digits < 6 && std::isdigit(in.peek()) != 0; ++digits) value = 10 * value + (in.get() - '0');
  return value;
}

}  // namespace

eigencoder::Dataset<float> read_pgm(const std::string& file) {
  constexpr Index most = 1 << 14;  // pixels a side
  const auto fail = [&](const std::string& why) {
    throw eigencoder::FileError("cannot read '" + file + "': " + why);
  };
  std::ifstream in(file, std::ios::binary);
  if (!in) fail("it cannot be opened");
  if (in.get() != 'P' || in.get() != '5') fail("it is no binary PGM file");
  const Index width = header_number(in), height = header_number(in), white = header_number(in);
  if (width < 1 || height < 1 || width > most || height > most) fail("its size is out of range");
  if (white < 1 || white > 255) fail("it does not have one byte a pixel");
  in.get();  // one white space ends the header
  std::string bytes(static_cast<std::size_t>(width * height), '\0');
  if (!in.read(bytes.data(), width * height)) fail("it is cut off");
  eigencoder::Dataset<float> image;
  image.shape = {height, width, 1};
  image.samples.resize(width * height, 1);
  for (Index p = 0; p < width * height; ++p) {
    const float value = static_cast<float>(static_cast<unsigned char>(bytes[static_cast<std::size_t>(p)]));
    image.samples(p, 0) = value < static_cast<float>(white) ? value / static_cast<float>(white) : 1.F;
  }
  return image;
}

}  // namespace examples
