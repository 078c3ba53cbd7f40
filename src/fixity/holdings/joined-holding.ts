import { type Holding, type Stray, toUnreachable, type Unit, type UnitOutcome } from "../holding.ts";

/**
 * Makes several holdings one, for several places that are verified in one run. A place that cannot be reached has a finding, and
 * the others are verified. Only those note anything that conclude something from it.
 */
export async function joinHoldings(holdings: readonly Holding[]): Promise<Holding> {
  const [only] = holdings;
  if (only !== undefined && holdings.length === 1) return only;
  const reached = await Promise.all(holdings.map((holding) => holding.isReachable()));
  const there = holdings.filter((_, index) => reached[index]);
  const gone = holdings.filter((_, index) => !reached[index]).map(toUnreachable);
  const owners = new WeakMap<Unit, Holding>();
  return {
    noun: [...new Set(holdings.map(({ noun }) => noun))].join(", "),
    location: holdings.map(({ location }) => location).join(", "),
    findings: [...gone, ...there.flatMap(({ findings }) => findings)],
    failures: there.flatMap(({ failures = [] }) => failures),
    // Some have more to say when the run has ended.
    get remarks() {
      return there.flatMap(({ remarks }) => remarks);
    },
    planned: {
      files: there.reduce((sum, { planned }) => sum + planned.files, 0),
      bytes: there.reduce<number | undefined>((sum, { planned }) => add(sum, planned.bytes), 0),
    },
    units: () => unitsOf(there, owners),
    strays: () => straysOf(there),
    isReachable: async () => (await Promise.all(there.map((each) => each.isReachable()))).every(Boolean),
    loadAudio: async (unit) => (await owners.get(unit)?.loadAudio?.(unit)) ?? new Map(),
    note: (outcomes) => noteForConclusions(outcomes, owners),
    packages: () => there.flatMap((each) => each.packages?.() ?? []),
    conclude: async () => {
      const concluded = await Promise.all(there.map((each) => each.conclude?.() ?? []));
      return concluded.flat();
    },
  };
}

function add(sum: number | undefined, bytes: number | undefined): number | undefined {
  return sum === undefined || bytes === undefined ? undefined : sum + bytes;
}

async function noteForConclusions(outcomes: readonly UnitOutcome[], owners: WeakMap<Unit, Holding>): Promise<void> {
  for (const outcome of outcomes) {
    const owner = owners.get(outcome.unit);
    if (owner?.conclude !== undefined) await owner.note?.([outcome]);
  }
}

async function* unitsOf(holdings: readonly Holding[], owners: WeakMap<Unit, Holding>): AsyncGenerator<Unit> {
  for (const holding of holdings) {
    for await (const unit of holding.units()) {
      owners.set(unit, holding);
      yield unit;
    }
  }
}

async function* straysOf(holdings: readonly Holding[]): AsyncGenerator<Stray> {
  for (const holding of holdings) yield* holding.strays?.() ?? [];
}
