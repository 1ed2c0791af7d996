// Writes the fixtures of this folder with LanceDB's own client for Node:
//   npm install @lancedb/lancedb apache-arrow@18.1.0 && node make.mjs
import * as lancedb from "@lancedb/lancedb";
import * as arrow from "apache-arrow";

const db = await lancedb.connect(process.argv[2] ?? ".");
const field = (name, type, nullable = true) => new arrow.Field(name, type, nullable);

// All types that the client writes, with NULLs.
const types = new arrow.Schema([
  field("id", new arrow.Int32(), false),
  field("tiny", new arrow.Int8()),
  field("small", new arrow.Int16()),
  field("big", new arrow.Int64()),
  field("ubyte", new arrow.Uint8()),
  field("uint", new arrow.Uint32()),
  field("f16", new arrow.Float16()),
  field("f32", new arrow.Float32()),
  field("f64", new arrow.Float64()),
  field("flag", new arrow.Bool()),
  field("text", new arrow.Utf8()),
  field("bytes", new arrow.Binary()),
  field("day", new arrow.DateDay()),
  field("at", new arrow.TimestampMicrosecond()),
  field("code", new arrow.FixedSizeBinary(8)),
  field("vector", new arrow.FixedSizeList(3, field("item", new arrow.Float32()))),
  field("list", new arrow.List(field("item", new arrow.Utf8()))),
  field("row", new arrow.Struct([field("a", new arrow.Int32()), field("b", new arrow.Utf8())])),
]);
const row = (i) => ({
  id: i, tiny: i - 2, small: -300 * i, big: 5000000000n * BigInt(i), ubyte: 250 + i, uint: 4294967290 + i,
  f16: i / 2, f32: i / 4, f64: i / 3, flag: i % 2 === 0, text: ["", "it's", "ä€😀"][i % 3],
  bytes: new Uint8Array([i, 255 - i]), day: new Date(Date.UTC(2024, 1, 28 + i)),
  at: 1709100000123 + i, code: new Uint8Array(8).fill(1 << i),
  vector: [i, i + 0.5, -i], list: i === 1 ? [] : ["x" + i, "y"], row: { a: i, b: "b" + i },
});
const empty = { id: 5 };
for (const f of types.fields.slice(1)) empty[f.name] = null;
const rows = [0, 1, 2, 3, 4].map(row).concat(empty);
const data = lancedb.makeArrowTable(rows, { schema: types });

for (const version of ["legacy", "stable"]) {
  // 'legacy' is format 2.0 with the older names of manifests, 'stable' the newest
  const table = await db.createTable("types_" + version, data, {
    mode: "overwrite",
    storageOptions: {
      new_table_data_storage_version: version === "legacy" ? "2.0" : "stable",
      new_table_enable_v2_manifest_paths: version === "legacy" ? "false" : "true",
    },
  });
  console.log(table.name, await table.countRows());
}

// A table with a life: appended, updated, deleted from, columns added, renamed and dropped,
// indexed, with a tag.
const numbers = (from, to) =>
  Array.from({ length: to - from }, (_, i) => ({ id: from + i, n: (from + i) * 10, s: "s" + ((from + i) % 4) }));
let lived = await db.createTable("lived", numbers(0, 40), {
  mode: "overwrite",
  storageOptions: { new_table_enable_stable_row_ids: "true" },
});
await lived.createIndex("id", { config: lancedb.Index.btree() });
await lived.createIndex("s", { config: lancedb.Index.bitmap() });
await lived.add(numbers(40, 60));
await (await lived.tags()).create("before", await lived.version());
await lived.delete("id % 5 = 0");
await lived.update({ where: "id < 10", valuesSql: { n: "n + 1" } });
await lived.addColumns([{ name: "twice", valueSql: "n * 2" }]);
await lived.alterColumns([{ path: "s", rename: "word" }]);
await lived.dropColumns(["n"]);
await lived.mergeInsert("id").whenMatchedUpdateAll().whenNotMatchedInsertAll()
  .execute([{ id: 1, word: "merged", twice: -1 }, { id: 100, word: "new", twice: -2 }]);
console.log(lived.name, await lived.countRows(), await lived.version());

// Dictionary-encoded text.
const dictionary = arrow.vectorFromArray(["red", "blue", "red", null, "green"], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()));
const id = arrow.vectorFromArray([1, 2, 3, 4, 5], new arrow.Int32());
const colours = await db.createTable("colours", new arrow.Table({ id, colour: dictionary }), { mode: "overwrite" });
console.log(colours.name, await colours.countRows(), String(await colours.schema()));
