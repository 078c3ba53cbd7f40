import { readdir, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { toStorageKey } from "../../src/core/storage-key.ts";
import { ConflictError, NotFoundError, StorageUnavailableError } from "../../src/io/errors.ts";
import { ResumableFile } from "../../src/io/resumable-file.ts";
import type { Storage } from "../../src/storage/storage.ts";

const KEY = toStorageKey("recordings", "2024", "a.mp3");
const ignore = () => undefined;

/** What every driver of the storage port does. `open` gives a new, empty storage. */
export function describeStorage(name: string, open: () => Promise<Storage>): void {
  const put = async (storage: Storage, key: typeof KEY, text: string) => {
    const staged = storage.stage("test");
    await staged.write(Readable.from([Buffer.from(text)]), ignore);
    await staged.commit(key);
  };
  const readText = async (storage: Storage, key: typeof KEY) => {
    let text = "";
    for await (const chunk of storage.read(key)) text += Buffer.from(chunk).toString();
    return text;
  };
  const keysOf = async (storage: Storage, prefix: typeof KEY) => {
    const keys: string[] = [];
    for await (const { key } of storage.list(prefix)) keys.push(key);
    return keys.toSorted();
  };

  describe(name, () => {
    test("an object is absent until it is committed, and then complete", async () => {
      const storage = await open();
      const staged = storage.stage("test");
      await staged.write(Readable.from([Buffer.from("one"), Buffer.from("two")]), ignore);
      expect(await storage.stat(KEY)).toBeUndefined();
      expect(await keysOf(storage, toStorageKey("recordings"))).toEqual([]);
      await staged.commit(KEY);
      expect(await storage.stat(KEY)).toEqual({ key: KEY, sizeBytes: 6, isRegular: true });
      expect(await readText(storage, KEY)).toBe("onetwo");
    });

    test("a taken key is kept, unless it may be overwritten", async () => {
      const storage = await open();
      await put(storage, KEY, "old");
      const staged = storage.stage("test");
      await staged.write(Readable.from([Buffer.from("new")]), ignore);
      await expect(staged.commit(KEY)).rejects.toThrow(ConflictError);
      expect(await readText(storage, KEY)).toBe("old");
      await staged.commit(KEY, { overwrite: true });
      expect(await readText(storage, KEY)).toBe("new");
    });

    test("another program may write the staged file", async () => {
      const storage = await open();
      const staged = storage.stage("test");
      await staged.prepare();
      await writeFile(staged.path, "from outside");
      await staged.commit(KEY);
      expect(await storage.withLocalFile(KEY, async () => readText(storage, KEY))).toBe("from outside");
    });

    test("discard leaves nothing, and is harmless afterwards", async () => {
      const storage = await open();
      const staged = storage.stage("test");
      await staged.write(Readable.from([Buffer.from("x")]), ignore);
      await staged.discard();
      await staged.discard();
      expect((await readdir(dirname(staged.path))).filter((entry) => entry.endsWith(".part"))).toEqual([]);
    });

    test("what is not there", async () => {
      const storage = await open();
      expect(await storage.stat(KEY)).toBeUndefined();
      await expect(readText(storage, KEY)).rejects.toThrow(NotFoundError);
      expect(await keysOf(storage, toStorageKey("recordings"))).toEqual([]);
    });

    test("lists all below a prefix and nothing else", async () => {
      const storage = await open();
      const keys = ["recordings/a/1", "recordings/b/.hidden", "other/2"].map((key) => toStorageKey(key));
      for (const key of keys) await put(storage, key, "x");
      expect(await keysOf(storage, toStorageKey("recordings"))).toEqual(["recordings/a/1", "recordings/b/.hidden"]);
    });

    test("sweep removes what a dead run left staged, and nothing else", async () => {
      const storage = await open();
      await put(storage, KEY, "kept");
      const dead = storage.stage("dead");
      await dead.write(Readable.from([Buffer.from("x")]), ignore);
      await dead.seal();
      expect(await storage.sweep(0)).toBe(1);
      expect(await storage.sweep(0)).toBe(0);
      expect(await readText(storage, KEY)).toBe("kept");
    });

    test("a placed object is there for readers, and stays there when it is settled", async () => {
      const storage = await open();
      const staged = storage.stage("test");
      await staged.write(Readable.from([Buffer.from("bytes")]), ignore);
      await staged.seal();
      expect(await storage.stat(KEY)).toBeUndefined();
      await staged.place(KEY);
      await storage.settle([KEY]);
      await staged.discard();
      expect(await readText(storage, KEY)).toBe("bytes");
    });

    test("a placed object takes no key that is taken", async () => {
      const storage = await open();
      await put(storage, KEY, "old");
      const staged = storage.stage("test");
      await staged.write(Readable.from([Buffer.from("new")]), ignore);
      await expect(staged.place(KEY)).rejects.toThrow(ConflictError);
      await staged.place(KEY, { overwrite: true });
      expect(await readText(storage, KEY)).toBe("new");
    });

    test("what is removed is gone, also when some of it was gone before, and nothing else is", async () => {
      const storage = await open();
      const other = toStorageKey("recordings", "2024", "b.mp3");
      const never = toStorageKey("recordings", "1999", "c.mp3");
      await put(storage, KEY, "one");
      await put(storage, other, "two");
      await storage.remove([never, KEY]);
      expect(await storage.stat(KEY)).toBeUndefined();
      expect(await keysOf(storage, toStorageKey("recordings"))).toEqual([other]);
      await storage.remove([KEY]);
      await storage.remove([]);
      await put(storage, KEY, "three");
      expect(await readText(storage, KEY)).toBe("three");
    });

    describe("what is set aside", () => {
      const ASIDE = toStorageKey("quarantine", "a");
      const note = { key: toStorageKey("quarantine", "a.json"), text: "why" };

      test("has its new key alone, with a note", async () => {
        const storage = await open();
        await put(storage, KEY, "bad");
        await storage.setAside(KEY, { key: ASIDE, note });
        expect(await storage.stat(KEY)).toBeUndefined();
        expect(await readText(storage, ASIDE)).toBe("bad");
        expect(await readText(storage, note.key)).toBe("why");
      });

      test("replaces nothing but an older note", async () => {
        const storage = await open();
        await put(storage, KEY, "bad");
        await put(storage, ASIDE, "other");
        await put(storage, note.key, "old");
        await expect(storage.setAside(KEY, { key: ASIDE, note })).rejects.toThrow(ConflictError);
        expect(await readText(storage, KEY)).toBe("bad");
        expect(await readText(storage, ASIDE)).toBe("other");
        expect(await readText(storage, note.key)).toBe("old");
        await storage.setAside(KEY, { key: toStorageKey("quarantine", "b"), note });
        expect(await readText(storage, note.key)).toBe("why");
      });

      test("leaves no note when there is nothing, or it cannot be moved", async () => {
        const storage = await open();
        await expect(storage.setAside(KEY, { key: ASIDE, note })).rejects.toThrow(NotFoundError);
        await put(storage, KEY, "bad");
        // No folder can be moved into itself.
        const folder = toStorageKey("recordings");
        const below = {
          key: toStorageKey(folder, "2024", "b"),
          note: { ...note, key: toStorageKey(folder, "b.json") },
        };
        await expect(storage.setAside(folder, below)).rejects.toThrow(StorageUnavailableError);
        expect(await keysOf(storage, folder)).toEqual([KEY]);
        expect(await storage.stat(note.key)).toBeUndefined();
      });
    });

    describe("what a run leaves half written", () => {
      const writeHeld = async (storage: Storage, name: string, text: string) => {
        const file = ResumableFile.create(await storage.resumableStem(name), "v1");
        file.append(Buffer.from(text));
        file.close();
        return file.path;
      };

      test("is told of by name and size, and survives a sweep while it is young", async () => {
        const storage = await open();
        expect(await storage.heldBytes()).toEqual(new Map());
        const path = await writeHeld(storage, "rec_1.a", "half");
        await writeHeld(storage, "rec_1", "four more");
        const staged = storage.stage("rec_1");
        await staged.write(Readable.from([Buffer.from("x")]), ignore);
        await staged.seal();
        expect(await storage.heldBytes()).toEqual(new Map(Object.entries({ "rec_1.a": 4, rec_1: 9 })));
        await utimes(path, 1000, 1000);
        expect(await storage.sweep(1_000_000)).toBe(1);
        expect((await storage.heldBytes()).size).toBe(2);
        expect(await storage.sweep(1_000_001)).toBe(1);
        expect(await storage.heldBytes()).toEqual(new Map([["rec_1", 9]]));
      });

      test("is swept when nothing was written yet", async () => {
        const storage = await open();
        await writeHeld(storage, "rec_1", "");
        expect(await storage.sweep(0)).toBe(1);
        expect(await storage.heldBytes()).toEqual(new Map());
      });

      test("becomes an object when it is taken over", async () => {
        const storage = await open();
        const staged = await storage.takeOver(await writeHeld(storage, "rec_1", "whole"));
        await staged.commit(KEY);
        expect(await readText(storage, KEY)).toBe("whole");
        expect(await storage.heldBytes()).toEqual(new Map());
      });

      test("is out of the way when it was rejected, and gone when that is discarded", async () => {
        const storage = await open();
        const path = await writeHeld(storage, "rec_1", "wrong");
        const staged = await storage.takeOver(path, { isRejected: true });
        expect(await storage.heldBytes()).toEqual(new Map());
        await staged.discard();
        expect(await readdir(dirname(path))).toEqual([]);
        await expect(storage.takeOver(path, { isRejected: true })).rejects.toThrow(NotFoundError);
      });
    });
  });
}
