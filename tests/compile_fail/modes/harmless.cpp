// expect: no error
#include <eigencoder/eigencoder.hpp>
