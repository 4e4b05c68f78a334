/* libCacheSim as a library: page numbers in memory, one get() after another.
 *
 *   library POLICY FRAMES TABLE_BITS FILE
 *
 * FILE holds page numbers of four bytes each, in the order of this machine. OPT
 * is told of each reference when the page is used next, which is found out first
 * and is part of the time, as it is part of ours. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libCacheSim.h>

static const uint32_t *pages;
static size_t references;

static void map_pages(const char *path) {
  int file = open(path, O_RDONLY);
  struct stat about;
  if (file < 0 || fstat(file, &about) < 0) {
    perror(path);
    exit(1);
  }
  pages = mmap(NULL, about.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
  references = about.st_size / sizeof *pages;
}

/* When each page is used next; the library takes INT64_MAX for never. */
static int64_t *next_uses(void) {
  uint32_t highest = 0;
  for (size_t i = 0; i < references; i++)
    if (pages[i] > highest) highest = pages[i];
  int64_t *seen = malloc((highest + 1ul) * sizeof *seen);
  for (uint32_t page = 0; page <= highest; page++) seen[page] = INT64_MAX;
  int64_t *next = malloc(references * sizeof *next);
  for (size_t i = references; i-- > 0;) {
    next[i] = seen[pages[i]];
    seen[pages[i]] = i;
  }
  return next;
}

static cache_t *make_cache(const char *policy, common_cache_params_t size) {
  if (!strcmp(policy, "clock")) return Clock_init(size, "init-freq=1,n-bit-counter=1");
  if (!strcmp(policy, "fifo")) return FIFO_init(size, NULL);
  if (!strcmp(policy, "lru")) return LRU_init(size, NULL);
  if (!strcmp(policy, "opt")) return Belady_init(size, NULL);
  fprintf(stderr, "no policy %s\n", policy);
  exit(2);
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  map_pages(argv[4]);
  int64_t *next = strcmp(argv[1], "opt") ? NULL : next_uses();
  common_cache_params_t size = default_common_cache_params();
  size.cache_size = strtoull(argv[2], NULL, 10);
  size.hashpower = atoi(argv[3]);
  cache_t *cache = make_cache(argv[1], size);
  request_t *request = new_request();
  request->obj_size = 1;
  uint64_t misses = 0;
  for (size_t i = 0; i < references; i++) {
    request->clock_time = i;
    request->obj_id = pages[i];
    if (next) request->next_access_vtime = next[i];
    misses += !cache->get(cache, request);
  }
  printf("misses %" PRIu64 "\n", misses);
  return 0;
}
