// Prints characters that nobody sees or that turn the line round: reports show them as numbers.
#include <cstdio>
int main() { std::puts("\u061c\ufeff\u00ad\u180e\u3164\U000e0041\ufe0f100/100"); }
