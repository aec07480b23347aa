// Nothing of its own: it is compiled for the headers that all test programs share.
