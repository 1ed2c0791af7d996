// LanceDB: the flat search, and IVF_FLAT. With 1 thread the caller binds the process to a processor.
// A table that is there already, from the process before, is used again.
// Arguments: threads, folder of the data set, folder for files, milliseconds per case, "all", "quick" or "few",
// seconds after which no case is begun.
import fs from "node:fs";
import * as arrow from "apache-arrow";
import * as lancedb from "@lancedb/lancedb";
import { bytes, K, open, run, WIDTH } from "./harness.mjs";

const [threads, folder, store, budget, scope, seconds] = process.argv.slice(2);
const set = open(folder);
const BLOCK = 32_768;
const PARTITIONS = 256;
const schema = new arrow.Schema([
  new arrow.Field("id", new arrow.Int32(), false),
  new arrow.Field("bucket", new arrow.Int32(), false),
  new arrow.Field(
    "fp",
    new arrow.FixedSizeList(WIDTH, new arrow.Field("item", new arrow.Uint8(), true)),
    false,
  ),
]);

function block(from) {
  const to = Math.min(set.rows, from + BLOCK);
  const length = to - from;
  const values = arrow.makeData({ type: new arrow.Uint8(), length: length * WIDTH, data: set.codes(from, to) });
  const children = [
    arrow.makeData({ type: new arrow.Int32(), data: Int32Array.from({ length }, (_, i) => from + i) }),
    arrow.makeData({ type: new arrow.Int32(), data: Int32Array.from(set.buckets.subarray(from, to)) }),
    arrow.makeData({ type: schema.fields[2].type, length, child: values }),
  ];
  const data = arrow.makeData({ type: new arrow.Struct(schema.fields), length, children });
  return new arrow.Table(schema, new arrow.RecordBatch(schema, data));
}

let table;
const lists = "IVF_FLAT, nprobes = ";
const installed = JSON.parse(fs.readFileSync(new URL("package.json", import.meta.url))).dependencies["@lancedb/lancedb"];

function nearest(mode, query) {
  const search = table.query().nearestTo(query).distanceType("hamming").select(["id", "_distance"]).limit(K);
  return mode.startsWith(lists)
    ? search.nprobes(Number(mode.slice(lists.length)))
    : search.bypassVectorIndex();
}

await run(
  set,
  {
    version: `LanceDB ${installed} (npm)`,
    async load() {
      const database = await lancedb.connect(store);
      if ((await database.tableNames()).includes("fps")) {
        table = await database.openTable("fps");
        return bytes(store) / set.rows;
      }
      table = await database.createTable("fps", block(0));
      for (let from = BLOCK; from < set.rows; from += BLOCK) {
        await table.add(block(from));
      }
      await table.optimize();
      await table.optimize({ cleanupOlderThan: new Date() }); // what the first one merged
      if (this.modes.length > 1) {
        await table.createIndex("fp", {
          config: lancedb.Index.ivfFlat({ distanceType: "hamming", numPartitions: PARTITIONS }),
        });
      }
      return bytes(store) / set.rows;
    },
    modes: ["exact, flat", ...(set.rows <= 65_536 && scope === "all" ? [1, 4, 16].map((n) => lists + n) : [])],
    search: (mode, count, filter) => async (query) => {
      let search = nearest(mode, query);
      if (filter < 1000) search = search.where(`bucket < ${filter}`);
      return (await search.toArray()).map((row) => row.id);
    },
  },
  Number(budget),
  scope === "few",
  Number(seconds),
  [Number(threads)],
);
process.exit(0);
