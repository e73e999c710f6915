#include <spawn.h>

/* glibc has them (2.29, 2.34), but Swift's Glibc module is compiled without _GNU_SOURCE's part of
   spawn.h and would not show them. */
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
