"""FAISS: IndexBinaryFlat. Debian's build counts bits by tables, so that its lists and graphs take
minutes to build; they are left out.

Prints the lines that PeerProcess.java describes. Arguments: folder of the data set, folder for
files, milliseconds per case, "all", "quick" or "few", seconds after which no case is begun.
"""

import resource
import sys
import time

import faiss
import numpy as np

WIDTH = 2048
K = 10
QUERIES = 64
FILTERS = [1000, 500, 100, 10, 1]
FEWEST = 3
LONGEST_BATCH = 20.0
MODE = "exact, IndexBinaryFlat"

folder, _, budget, scope, seconds = sys.argv[1:]
budget = float(budget) / 1000
end = time.perf_counter() + float(seconds)
queries = {
    kind: np.fromfile(f"{folder}/{kind}.bin", dtype=np.uint8).reshape(QUERIES, WIDTH)
    for kind in ("near", "random")
}


def say(*fields):
    print(*fields, sep="\t", flush=True)


def load():
    codes = np.fromfile(f"{folder}/codes.bin", dtype=np.uint8).reshape(-1, WIDTH)
    flat = faiss.IndexBinaryFlat(8 * WIDTH)
    flat.add(codes)
    return flat


def check_time(patient):
    if not patient and time.perf_counter() > end:
        raise RuntimeError("not tried: the time for this peer was over")


def report(fields, millis, ids):
    say(
        "case",
        *fields,
        ",".join(f"{m:.5f}" for m in millis),
        ";".join(",".join(str(i) for i in found) for found in ids),
    )


def prepare(threads, filter_, patient=False):
    check_time(patient)
    if filter_ < 1000:
        raise RuntimeError("this version's binary indexes take no filter")
    faiss.omp_set_num_threads(threads)
    return lambda rows: index.search(rows, K)[1]


def one(threads, kind, filter_):
    """Measures single queries and returns the median in seconds, 0 if it failed."""
    fields = (MODE, threads, kind, filter_, 1)
    try:
        if threads > 1:
            raise RuntimeError("one thread per query")
        # Without a filter however long the rows took to load.
        search = prepare(threads, filter_, filter_ == 1000)
        asked = [query.reshape(1, WIDTH) for query in queries[kind]]
        start = time.perf_counter()
        i = 0
        while i == 0 or time.perf_counter() - start < budget / 3:
            search(asked[(QUERIES - 1 + i) % QUERIES])
            i += 1
        times = []
        ids = [[] for _ in range(QUERIES)]
        start = time.perf_counter()
        i = 0
        while time.perf_counter() - start < budget or i < FEWEST:
            before = time.perf_counter()
            found = search(asked[i % QUERIES])
            times.append((time.perf_counter() - before) * 1000)
            ids[i % QUERIES] = found[0]
            i += 1
        report(fields, times, ids)
        return sorted(times)[len(times) // 2] / 1000
    except Exception as e:  # whatever it is belongs into the results
        say("failed", *fields, " ".join(str(e).split()))
        return 0


def many(threads, single):
    fields = (MODE, threads, "near", 1000, QUERIES)
    try:
        search = prepare(threads, 1000)
        if single * QUERIES > LONGEST_BATCH * threads:
            raise RuntimeError("not tried: one query is too slow")
        times = []
        start = time.perf_counter()
        while True:
            before = time.perf_counter()
            ids = search(queries["near"])
            times.append((time.perf_counter() - before) * 1000 / QUERIES)
            if time.perf_counter() - start >= 2 * budget:
                break
        report(fields, times[1:] or times, ids)
    except Exception as e:
        say("failed", *fields, " ".join(str(e).split()))


say("version", f"FAISS {faiss.__version__}")
began = time.perf_counter()
index = load()
say("load", f"{time.perf_counter() - began:.3f}", f"{WIDTH:.1f}")
single = one(1, "near", 1000)
one(1, "random", 1000)
if scope != "few":
    for filter_ in reversed(FILTERS[1:]):
        one(1, "near", filter_)
    for kind in queries:
        one(2, kind, 1000)
    for threads in (1, 2):
        many(threads, single)
say("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
