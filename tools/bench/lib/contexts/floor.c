// What any packer of these bytes has to do at least: SHA-256 (OpenSSL) of each file of a folder and gzip of it
// (libdeflate, level 1), with threads, in memory. Usage: floor FOLDER THREADS. Prints {"ms": …, "in": …, "out": …}.
#include <dirent.h>
#include <libdeflate.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST 100000

struct input {
  char *bytes;
  size_t size;
};

static struct input inputs[MOST];
static int count;
static atomic_int next;
static atomic_ullong written;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void read_file(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file || count == MOST) fail(path);
  fseek(file, 0, SEEK_END);
  struct input *input = &inputs[count++];
  input->size = ftell(file);
  input->bytes = malloc(input->size);
  rewind(file);
  if (!input->bytes || fread(input->bytes, 1, input->size, file) != input->size) fail(path);
  fclose(file);
}

static void *work(void *unused) {
  (void)unused;
  struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(1);
  int number;
  while ((number = atomic_fetch_add(&next, 1)) < count) {
    struct input *input = &inputs[number];
    unsigned char digest[EVP_MAX_MD_SIZE];
    if (!EVP_Digest(input->bytes, input->size, digest, NULL, EVP_sha256(), NULL)) fail("EVP_Digest");
    size_t room = libdeflate_gzip_compress_bound(compressor, input->size);
    char *out = malloc(room);
    size_t size = libdeflate_gzip_compress(compressor, input->bytes, input->size, out, room);
    if (!out || size == 0) fail("libdeflate_gzip_compress");
    atomic_fetch_add(&written, size);
    free(out);
  }
  libdeflate_free_compressor(compressor);
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  DIR *folder = opendir(argv[1]);
  if (!folder) fail(argv[1]);
  for (struct dirent *entry; (entry = readdir(folder));)
    if (entry->d_name[0] != '.') read_file(argv[1], entry->d_name);
  unsigned long long in = 0;
  for (int number = 0; number < count; number++) in += inputs[number].size;
  int threads = atoi(argv[2]);
  pthread_t *workers = calloc(threads, sizeof *workers);
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (int thread = 0; thread < threads; thread++)
    if (pthread_create(&workers[thread], NULL, work, NULL)) fail("pthread_create");
  for (int thread = 0; thread < threads; thread++) pthread_join(workers[thread], NULL);
  clock_gettime(CLOCK_MONOTONIC, &end);
  double ms = (end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) / 1e6;
  printf("{\"ms\": %.3f, \"in\": %llu, \"out\": %llu}\n", ms, in, (unsigned long long)written);
  return 0;
}
