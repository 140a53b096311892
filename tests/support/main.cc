// The main() of every test program, and Boost.Test's own code.
#define BOOST_TEST_MODULE drydock
#include <boost/test/included/unit_test.hpp>
