/** The record that a screen has open. */
import type { Tagged } from "../../../api/client";
import type { Field, ObjectInfo, RecordRow } from "../model";

export type Opened = {
  object: ObjectInfo;
  fields: readonly Field[];
  record: Tagged<RecordRow>;
  /** What the caller may do with it, as the server says. */
  actions: readonly string[];
};
