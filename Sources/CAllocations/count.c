// The malloc of a program stands before that of the C library: this one counts and hands on.
#include "CAllocations.h"

#include <stdatomic.h>
#include <stddef.h>

extern void *__libc_malloc(size_t size);

static _Atomic long count;

void *malloc(size_t size) {
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    return __libc_malloc(size);
}

long allocation_count(void) { return atomic_load_explicit(&count, memory_order_relaxed); }
