import type { Config } from "./resolve-config.ts";

/** What it takes to let go of a legal hold. */
export interface HoldPolicy {
  /** People, the one who asks for it included. */
  readonly releaseNeeds: number;
  /** Says whose signatures count; a relative path counts from the working folder, as everywhere. */
  readonly approversFile: string | undefined;
}

/** Gives what the configuration file says of releasing holds: where it says nothing, whoever runs the command is enough. */
export function toHoldPolicy({ holds }: Pick<Config, "holds">): HoldPolicy {
  return { releaseNeeds: holds.releaseNeeds ?? 1, approversFile: holds.approversFile };
}
