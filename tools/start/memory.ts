import type { Variables } from '@cartograph/command';

/** Megabytes of an app's old generation, unless NODE_OPTIONS says otherwise. */
export const HEAP_LIMIT_MB = 192;

/**
 * Megabytes of one half of its young generation, which V8 takes by default. With 8, an app takes 15 MB
 * less when idle, and a page seemed to cost a tenth more CPU time.
 */
export const SEMI_SPACE_MB = 16;

/** Heaps of glibc that the threads of a process share: by default there are eight for each core. */
const MALLOC_ARENAS = 2;

/**
 * Blocks of 4 MB and more are returned to the system when they are freed: each password that is hashed takes
 * 19 MB. Without this, glibc raises that limit itself and keeps them. They come in huge pages where the system
 * has these (`madvise`): in pages of 4 KB a hash takes 45 % more CPU time.
 */
const MALLOC_TUNABLES = [
  'glibc.malloc.mmap_threshold=4194304',
  'glibc.malloc.trim_threshold=4194304',
  'glibc.malloc.hugetlb=1',
].join(':');

const HEAP_LIMIT = /--max[-_]old[-_]space[-_]size/;
const SEMI_SPACE = /--max[-_]semi[-_]space[-_]size/;

/** With it, `runService` returns the memory that only the start of a process has needed. */
const EXPOSE_GC = '--expose-gc';

/**
 * The flags of Node that bound the memory of an app. Without them V8 lets a heap grow with the memory
 * of the machine: an app of 100 MB takes 600 MB under load. The operator's NODE_OPTIONS take
 * precedence.
 */
export const memoryFlags = ({ NODE_OPTIONS: given = '' }: Variables): readonly string[] => [
  ...(HEAP_LIMIT.test(given) ? [] : [`--max-old-space-size=${HEAP_LIMIT_MB}`]),
  ...(SEMI_SPACE.test(given) ? [] : [`--max-semi-space-size=${SEMI_SPACE_MB}`]),
  EXPOSE_GC,
];

/** The environment that bounds the memory outside of the heap. */
export const memoryEnvironment = (env: Variables): Variables => ({
  MALLOC_ARENA_MAX: String(MALLOC_ARENAS),
  GLIBC_TUNABLES: MALLOC_TUNABLES,
  ...env,
});
