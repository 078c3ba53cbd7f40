import type { AudianApi } from "../../../compose.ts";
import { toApiCommand } from "./api-command.ts";
import { addCallId, toCallId } from "./ids.ts";
import { addSettingsFlags, toSettings } from "./recording-flags.ts";

/** `holdfast api record start|stop|pause|resume`. See the API page, "Start Recording During Call" and what follows. */
export const RECORD_COMMANDS = {
  start: toApiCommand({
    name: "api record start",
    builder: (yargs) => addSettingsFlags(addCallId(yargs)),
    toCall: (argv) => {
      const [callId, settings] = [toCallId(argv), toSettings(argv)];
      return { isRepeatable: false, send: (api, options) => api.startRecording(callId, settings, options) };
    },
  }),
  stop: toControlCommand("stop", "stopRecording"),
  pause: toControlCommand("pause", "pauseRecording"),
  resume: toControlCommand("resume", "resumeRecording"),
} as const;

/** The three calls that take nothing but the telephone call. */
type ControlMethod = keyof Pick<AudianApi, "stopRecording" | "pauseRecording" | "resumeRecording">;

function toControlCommand(action: string, method: ControlMethod) {
  return toApiCommand({
    name: `api record ${action}`,
    builder: addCallId,
    toCall: (argv) => {
      const callId = toCallId(argv);
      return { isRepeatable: false, send: (api, options) => api[method](callId, options) };
    },
  });
}
