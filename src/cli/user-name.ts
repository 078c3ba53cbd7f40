import { userInfo } from "node:os";

/** Gives the name of the user; in a container the user may have a number and no name. */
export function toUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
