// warns - what is no program for a slide: the compiler has something to say about it
int main() {
  int unused;
}
