/** What a package's own objects, events and agents are told from. */
export interface PackageFacts {
  /** By which the package is known; another package has another one. */
  readonly identifier: string;
  readonly case: string;
  /** A day in UTC; no closer time of the making is told, so that the same package made again is the same. */
  readonly madeOn: string;
  /** Who made it, as the operating system or the operator names them. */
  readonly madeBy: string;
  /** The organisation that hands it over, as the operator says. */
  readonly organisation: string | undefined;
  readonly toolVersion: string;
  /** Undefined where nothing of it came from an archive. */
  readonly archiveId: string | undefined;
}
