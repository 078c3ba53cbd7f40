/** What a file and a folder are made with; the process's umask can take from it and never adds. */
export interface Permissions {
  readonly fileMode: number;
  readonly folderMode: number;
}

/** Everybody, but for what the umask takes: for what is made for others to use, such as a report. */
export const BY_UMASK: Permissions = { fileMode: 0o666, folderMode: 0o777 };

/** The owner alone, whatever the umask of group and others is: for all that lies in an archive. */
export const PRIVATE: Permissions = { fileMode: 0o600, folderMode: 0o700 };
