/** The seven states of a recording. See the vendor's page, "Recording States". */
export const RECORDING_STATES = [
  "initiated",
  "recording",
  "paused",
  "stopped",
  "processing",
  "completed",
  "failed",
] as const;
export type RecordingState = (typeof RECORDING_STATES)[number];

/**
 * The legal moves between states. The page lists the states and the four calls that change them (start,
 * stop, pause, resume) but draws no arrows; these follow from the calls and the states' descriptions.
 */
const NEXT_STATES: Readonly<Record<RecordingState, readonly RecordingState[]>> = {
  initiated: ["recording", "failed"],
  recording: ["paused", "stopped", "failed"],
  paused: ["recording", "stopped", "failed"],
  stopped: ["processing", "failed"],
  processing: ["completed", "failed"],
  completed: [],
  failed: [],
};

/** Tells whether a recording may go from one state straight to another. */
export function canTransition(from: RecordingState, to: RecordingState): boolean {
  return NEXT_STATES[from].includes(to);
}

/** Who is recorded. See the vendor's page, "Participant Recording". */
export const PARTICIPANTS = ["all", "caller", "callee"] as const;
export type Participant = (typeof PARTICIPANTS)[number];
