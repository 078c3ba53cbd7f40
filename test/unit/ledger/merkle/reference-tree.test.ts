import { expect, it } from "vitest";
import { CompactTree } from "../../../../src/ledger/merkle/compact-tree.ts";
import { proveConsistency, verifyConsistency } from "../../../../src/ledger/merkle/consistency-proof.ts";
import { proveInclusion, verifyInclusion } from "../../../../src/ledger/merkle/inclusion-proof.ts";
import { toRoot, toStoredIndex } from "../../../../src/ledger/merkle/stored-hashes.ts";
import { EMPTY_ROOT, hashChildren, hashLeaf } from "../../../../src/ledger/merkle/tree-hash.ts";
import { storeTree } from "./stored-tree.ts";

// The reference tree of Certificate Transparency: entries, nodes, roots, paths and proofs as published in the tests of
// google/certificate-transparency (cpp/merkletree) and transparency-dev/merkle v0.0.2 (testonly/constants.go,
// testonly/reference_test.go, proof/verify_test.go).
const ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const NODES = [
  [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
  ],
  [
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
  ],
  [
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  ],
  ["5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
];
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const toHex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString("hex"));
const toRootOf = (size: number): Buffer => Buffer.from(ROOTS[size] ?? "", "hex");
const entries = ENTRIES.map((hex) => Buffer.from(hex, "hex"));
const { stored, read } = storeTree(entries);

it("hashes entries and nodes as RFC 6962 and RFC 9162 do", () => {
  expect(EMPTY_ROOT.toString("hex")).toBe(ROOTS[0]);
  expect(hashLeaf(Buffer.from("L123456")).toString("hex")).toBe(
    "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56",
  );
  // From the tests of google/certificate-transparency's tree_hasher: bytes 00 to 1f beside 20 to 3f.
  const bytes = Buffer.from(Array.from({ length: 64 }, (_, index) => index));
  expect(hashChildren(bytes.subarray(0, 32), bytes.subarray(32)).toString("hex")).toBe(
    "1a378704c17da31e2d05b6d121c2bb2c7d76f6ee6fa8f983e596c2d034963c57",
  );
});

it.each([
  [31, 32],
  [32, 33],
])("refuses to hash nodes of %i and %i bytes", (left, right) => {
  expect(() => hashChildren(Buffer.alloc(left), Buffer.alloc(right))).toThrow("internal error");
});

it("stores every node of the reference tree where its index says, and no more", () => {
  expect(stored).toHaveLength(15);
  const found = NODES.map((nodes, level) => toHex(nodes.map((_, n) => read(toStoredIndex(level, n)))));
  expect(found).toEqual(NODES);
});

it("finds the published roots, leaf by leaf and from what is stored", () => {
  const tree = new CompactTree();
  const grown = [tree.root()];
  for (const entry of entries) {
    tree.append(hashLeaf(entry));
    grown.push(tree.root());
  }
  expect(toHex(grown)).toEqual(ROOTS);
  expect(toHex(ROOTS.map((_, size) => toRoot(size, read)))).toEqual(ROOTS);
});

/** Each node of a path as its level and its number there. */
type Path = readonly (readonly [level: number, n: number])[];
const toPath = (path: Path): string[] => path.map(([level, n]) => NODES[level]?.[n] ?? "");

it.each<[seq: number, size: number, path: Path]>([
  [0, 1, []],
  [0, 2, [[0, 1]]],
  [1, 2, [[0, 0]]],
  [2, 3, [[1, 0]]],
  [
    1,
    5,
    [
      [0, 0],
      [1, 1],
      [0, 4],
    ],
  ],
  [
    0,
    8,
    [
      [0, 1],
      [1, 1],
      [2, 1],
    ],
  ],
  [
    5,
    8,
    [
      [0, 4],
      [1, 3],
      [2, 0],
    ],
  ],
])("proves by the published path that leaf %i is among the first %i", (seq, size, path) => {
  const proof = proveInclusion(seq, size, read);
  expect(toHex(proof)).toEqual(toPath(path));
  const leafHash = hashLeaf(entries[seq] ?? Buffer.of());
  expect(verifyInclusion({ seq, size, leafHash, proof, root: toRootOf(size) })).toBe(true);
});

it.each<[oldSize: number, newSize: number, path: Path]>([
  [1, 1, []],
  [
    1,
    8,
    [
      [0, 1],
      [1, 1],
      [2, 1],
    ],
  ],
  [
    6,
    8,
    [
      [1, 2],
      [1, 3],
      [2, 0],
    ],
  ],
  [
    2,
    5,
    [
      [1, 1],
      [0, 4],
    ],
  ],
])("proves by the published hashes that the tree of %i leaves begins the one of %i", (oldSize, newSize, path) => {
  const proof = proveConsistency(oldSize, newSize, read);
  expect(toHex(proof)).toEqual(toPath(path));
  const roots = { oldRoot: toRootOf(oldSize), newRoot: toRootOf(newSize) };
  expect(verifyConsistency({ oldSize, newSize, ...roots, proof })).toBe(true);
});

// transparency-dev/merkle v0.0.2, compact/range_test.go, TestGetRootHashGolden: entry n is n as two bytes, low byte first.
it("finds the published roots of larger trees", () => {
  const published = new Map([
    [10, "VjWMPSYNtCuCNlF/RLnQy6HcwSk6CIipfxm+hettA+4="],
    [15, "j4SulYmocFuxdeyp12xXCIgK6PekBcxzAIj4zbQzNEI="],
    [16, "c+4Uc6BCMOZf/v3NZK1kqTUJe+bBoFtOhP+P3SayKRE="],
    [100, "dUh9hYH88p0CMoHkdr1wC2szbhcLAXOejWpINIooKUY="],
    [255, "SmdsuKUqiod3RX2jyF2M6JnbdE4QuTwwipfAowI4/i0="],
    [256, "qFI0t/tZ1MdOYgyPpPzHFiZVw86koScXy9q3FU5casA="],
    [1000, "RXrgb8xHd55Y48FbfotJwCbV82Kx22LZfEbmBGAvwlQ="],
    [4095, "cWRFdQhPcjn9WyBXE/r1f04ejxIm5lvg40DEpRBVS0w="],
    [4096, "6uU/phfHg1n/GksYT6TO9aN8EauMCCJRl3dIK0HDs2M="],
    [10000, "VZcav65F9haHVRk3wre2axFoBXRNeUh/1d9d5FQfxIg="],
    [65535, "iPuVYJhP6SEE4gUFp8qbafd2rYv9YTCDYqAxCj8HdLM="],
  ]);
  const tree = new CompactTree();
  const found = new Map<number, string>();
  for (let n = 0; n < 65535; n += 1) {
    tree.append(hashLeaf(Buffer.of(n & 0xff, n >> 8)));
    if (published.has(tree.size)) found.set(tree.size, tree.root().toString("base64"));
  }
  expect(found).toEqual(published);
});
