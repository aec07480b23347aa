// The library's copy of stb beside the user's own, which is declared here.
#include <eigencoder/image.hpp>
#include <stb_image.h>

#include "consumer.hpp"

bool both_copies_of_stb_refuse_nonsense() {
  const unsigned char nonsense[] = {1, 2, 3};
  int width = 0, height = 0, channels = 0;
  if (stbi_load_from_memory(nonsense, 3, &width, &height, &channels, 0) != nullptr) return false;
  try {
    eigencoder::read_image("no such file.png");
  } catch (const eigencoder::FileError&) {
    return true;
  }
  return false;
}
