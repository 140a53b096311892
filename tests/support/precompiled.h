// Compiled once for all test files (see the Makefile). A file still includes what it uses.
#include <boost/test/unit_test.hpp>
