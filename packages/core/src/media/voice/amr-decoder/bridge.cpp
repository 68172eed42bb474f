// What a page or Node calls: one decoder in a module of its own, which takes a frame and gives 160 samples.
#include <stddef.h>
#include "sp_dec.h"
#include "amrdecode.h"

#define EXPORT(name) __attribute__((export_name(name)))

extern "C" {

// The little of a C library that the decoder asks for.
void *memset(void *target, int value, size_t length) {
  unsigned char *at = (unsigned char *)target;
  while (length--) *at++ = (unsigned char)value;
  return target;
}

void *memcpy(void *__restrict target, const void *__restrict source, size_t length) {
  unsigned char *to = (unsigned char *)target;
  const unsigned char *from = (const unsigned char *)source;
  while (length--) *to++ = *from++;
  return target;
}

void *memmove(void *target, const void *source, size_t length) {
  unsigned char *to = (unsigned char *)target;
  const unsigned char *from = (const unsigned char *)source;
  if (to < from) while (length--) *to++ = *from++;
  else while (length--) to[length] = from[length];
  return target;
}

// The decoder asks for its state once, and never gives it back: the module is thrown away.
alignas(16) static unsigned char heap[16384];
static size_t used;

void *malloc(size_t length) {
  size_t start = used;
  used = (used + length + 15) & ~(size_t)15;
  return used > sizeof heap ? NULL : heap + start;
}

void free(void *) {}

static unsigned char input[64];
static short output[160];
static void *state;

EXPORT("frame") void *frame(void) { return input; }

EXPORT("sound") void *sound(void) { return output; }

EXPORT("start") int start(void) {
  used = 0;
  return GSMInitDecode(&state, (Word8 *)"Decoder");
}

EXPORT("decode") int decode(void) {
  return AMRDecode(state, (enum Frame_Type_3GPP)((input[0] >> 3) & 15), input + 1, output, MIME_IETF);
}
}
