import { type Judgement, toGroup } from "./judge-damage.ts";
import { DAMAGE_KINDS, type DamageKind } from "./make-damage.ts";

/** What became of the files of one format with one kind of damage. */
export interface TallyRow {
  readonly group: string;
  readonly kind: DamageKind;
  files: number;
  foundAlone: number;
  foundAgainst: number;
  falseNames: number;
  /** The largest error of a stated loss; undefined when none could be checked. */
  maxLostErrorSeconds: number | undefined;
  readonly names: Map<string, number>;
}

/** Counts judgements by format and kind of damage. */
export class Tally {
  readonly #rows = new Map<string, TallyRow>();

  add(judgement: Judgement): void {
    const { damaged, change, lostErrorSeconds } = judgement;
    const row = this.#row(toGroup(damaged.sample), damaged.kind);
    row.files += 1;
    if (judgement.isFoundAlone) row.foundAlone += 1;
    if (change !== undefined) row.foundAgainst += 1;
    if (!judgement.isRightName) row.falseNames += 1;
    const name = change?.kind ?? "nothing";
    row.names.set(name, (row.names.get(name) ?? 0) + 1);
    if (lostErrorSeconds !== undefined) {
      row.maxLostErrorSeconds = Math.max(row.maxLostErrorSeconds ?? 0, lostErrorSeconds);
    }
  }

  /** Gives the rows, by format and then in the order of the kinds. */
  rows(): readonly TallyRow[] {
    const place = ({ kind }: TallyRow) => DAMAGE_KINDS.indexOf(kind);
    return [...this.#rows.values()].toSorted(
      (one, other) => one.group.localeCompare(other.group) || place(one) - place(other),
    );
  }

  #row(group: string, kind: DamageKind): TallyRow {
    const key = `${group}/${kind}`;
    const row = this.#rows.get(key) ?? {
      ...{ group, kind, files: 0, foundAlone: 0, foundAgainst: 0, falseNames: 0 },
      maxLostErrorSeconds: undefined,
      names: new Map<string, number>(),
    };
    this.#rows.set(key, row);
    return row;
  }
}
