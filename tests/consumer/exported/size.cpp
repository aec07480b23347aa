// What a program that scores samples adds to itself: its object has at most 64 KB of code and constants.
#include "squared_error.hpp"

double score_of(const squared_error::Input& input) { return squared_error::score(input); }
bool is_odd(const squared_error::Input& input) { return squared_error::predict(input); }
void explain(const squared_error::Input& input, squared_error::Contributions& output) {
  squared_error::contributions(input, output);
}
