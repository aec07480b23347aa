#pragma once

#include <eigencoder/eigencoder.hpp>

using Model = eigencoder::Autoencoder<eigencoder::Encoder<eigencoder::Input<64>, eigencoder::Dense<4>>,
                                      eigencoder::Decoder<eigencoder::Mirror>, eigencoder::SquaredError>;

Eigen::Index code_size(const Model& model);
bool own_parts_are_lawful();
bool both_copies_of_stb_refuse_nonsense();
