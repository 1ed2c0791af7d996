// Runs a peer on a data set and prints the lines that PeerProcess.java describes.
import fs from "node:fs";
import path from "node:path";

export const WIDTH = 2048;
export const K = 10;
const QUERIES = 64;
const FILTERS = [1000, 500, 100, 10, 1];
const FEWEST = 3;
const LONGEST_BATCH = 20_000;

/** The files of a data set; codes are read by parts, for there may be more than a buffer holds. */
export function open(folder) {
  const raw = fs.readFileSync(path.join(folder, "buckets.bin"));
  const buckets = new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2);
  const file = fs.openSync(path.join(folder, "codes.bin"));
  const queries = {};
  for (const kind of ["near", "random"]) {
    const all = fs.readFileSync(path.join(folder, `${kind}.bin`));
    queries[kind] = Array.from({ length: QUERIES }, (_, i) => all.subarray(i * WIDTH, (i + 1) * WIDTH));
  }
  return {
    folder: path.resolve(folder),
    rows: buckets.length,
    buckets,
    queries,
    /** Fingerprints of rows from..to, one after the other. */
    codes(from, to) {
      const part = Buffer.alloc((to - from) * WIDTH);
      fs.readSync(file, part, 0, part.length, from * WIDTH);
      return part;
    },
  };
}

/** Bytes of all files in a folder. */
export function bytes(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}

function print(...fields) {
  fs.writeSync(1, fields.join("\t") + "\n");
}

function failed(fields, error) {
  print("failed", ...fields, String(error?.message ?? error).replace(/\s+/g, " "));
}

function report(fields, millis, ids) {
  print(
    "case",
    ...fields,
    millis.map((m) => m.toFixed(5)).join(","),
    ids.map((found) => (found ?? []).join(",")).join(";"),
  );
}

let end = Infinity;
let patient = false; // the first two cases are measured however long the rows took to load

function checkTime() {
  if (!patient && performance.now() > end) throw new Error("not tried: the time for this peer was over");
}

/** Measures single queries and returns the median in milliseconds, 0 if it failed. */
async function one(peer, set, budget, mode, threads, kind, filter) {
  const fields = [mode, threads, kind, filter, 1];
  try {
    checkTime();
    const search = await peer.search(mode, threads, filter);
    let start = performance.now();
    let i = 0;
    do {
      await search(set.queries[kind][(QUERIES - 1 + i++) % QUERIES]);
    } while (performance.now() - start < budget / 3);
    const millis = [];
    const ids = new Array(QUERIES).fill(null);
    start = performance.now();
    for (i = 0; performance.now() - start < budget || i < FEWEST; i++) {
      const before = performance.now();
      const found = await search(set.queries[kind][i % QUERIES]);
      millis.push(performance.now() - before);
      ids[i % QUERIES] = found;
    }
    report(fields, millis, ids);
    return millis.sort((a, b) => a - b)[millis.length >> 1];
  } catch (error) {
    failed(fields, error);
    return 0;
  }
}

async function many(peer, set, budget, mode, threads, kind, single) {
  const fields = [mode, threads, kind, 1000, QUERIES];
  try {
    checkTime();
    if (!peer.batch) throw new Error("no call for many queries");
    if (single * QUERIES > LONGEST_BATCH) throw new Error("not tried: one query is too slow");
    const search = await peer.batch(mode, threads, set.queries[kind]);
    const millis = [];
    let ids;
    const start = performance.now();
    do {
      const before = performance.now();
      ids = await search();
      millis.push((performance.now() - before) / QUERIES);
    } while (performance.now() - start < 2 * budget);
    report(fields, millis.length > 1 ? millis.slice(1) : millis, ids);
  } catch (error) {
    failed(fields, error);
  }
}

/**
 * Runs all cases. A peer has version, load() which returns bytes per row, modes, search(mode,
 * threads, perMille) which returns a function of the query, and perhaps batch(mode, threads,
 * queries). No case is begun after so many seconds; threads says which numbers of threads this
 * process measures.
 */
export async function run(set, peer, budget, few, seconds, threads = [1, 2]) {
  end = performance.now() + seconds * 1000;
  print("version", peer.version);
  const start = performance.now();
  const perRow = await peer.load();
  print("load", ((performance.now() - start) / 1000).toFixed(3), perRow.toFixed(1));
  for (const mode of peer.modes) {
    let single = 0;
    patient = mode === peer.modes[0];
    if (threads.includes(1)) {
      single = await one(peer, set, budget, mode, 1, "near", 1000);
      await one(peer, set, budget, mode, 1, "random", 1000);
      patient = false;
      for (const filter of few ? [] : FILTERS.slice(1).reverse()) {
        await one(peer, set, budget, mode, 1, "near", filter);
      }
    }
    if (threads.includes(2) && !few) {
      const both = await one(peer, set, budget, mode, 2, "near", 1000);
      await one(peer, set, budget, mode, 2, "random", 1000);
      patient = false;
      single = Math.max(single, both);
    }
    for (const count of few ? [] : threads) {
      await many(peer, set, budget, mode, count, "near", single);
    }
  }
  print("memory", process.resourceUsage().maxRSS * 1024);
}
