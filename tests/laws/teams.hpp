#pragma once

#include <eigencoder/extend/threads.hpp>
#include <initializer_list>

#include "support/catch.hpp"

namespace laws {

/// Checks that `train` gives the same bits with each number of threads as with one.
template <class Train>
void check_teams(std::initializer_list<int> teams, const Train& train) {
  eigencoder::set_threads(1);
  const auto one = train();
  for (const int team : teams) {
    eigencoder::set_threads(team);
    INFO(team << " threads");
    CHECK((one == train()));
  }
  eigencoder::set_threads(0);
}

}  // namespace laws
