// expect: eigencoder: a classifier tells at least 2 classes apart
#include <eigencoder/classification.hpp>
#include <eigencoder/eigencoder.hpp>

using namespace eigencoder;

int main() { Classes<1> classes; }
