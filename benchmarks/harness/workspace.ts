import { mkdir, mkdtemp, readdir, rename, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** The temporary folder of one benchmark; everything that is made for it lies there. */
export class Workspace {
  readonly root: string;
  #setAside = 0;

  private constructor(root: string) {
    this.root = root;
  }

  /** Makes a new one; the caller removes it. */
  static async create(name: string): Promise<Workspace> {
    return new Workspace(await mkdtemp(join(tmpdir(), `holdfast-bench-${name}-`)));
  }

  /** Gives the path of something in it, whether it is there or not. */
  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  /**
   * Puts a folder out of the way, emptied of bytes but not removed: ext4 looks twice at every inode that it has freed
   * in the last minute before it gives one out, so that a run would pay for the removal of the run before.
   */
  async setAside(folder: string): Promise<void> {
    const aside = this.path("aside");
    await mkdir(aside, { recursive: true });
    if ((await readdir(dirname(folder))).includes(basename(folder))) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const entry of entries) if (entry.isFile()) await truncate(join(entry.parentPath, entry.name));
      await rename(folder, join(aside, `${basename(folder)}-${this.#setAside}`));
      this.#setAside += 1;
    }
  }

  /** Removes it with all that is in it. */
  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
