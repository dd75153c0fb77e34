/**
 * The one place that knows how files of records are sent and fetched. When imports become jobs, this file changes
 * and nothing else: `importFile` tells how far it is through `told`.
 */
import { answer, api, newKey, type Schemas } from "../../../api/client";
import { said } from "../queries";

export type Form = "csv" | "xlsx";
export type ImportOutcome = Schemas["ImportShown"];
export type Mapping = Readonly<Record<string, string>>;
/** How far it is; `all` is unknown where the server does not tell it. */
export type Progress = { done: number; all?: number };

const TYPES = {
  csv: "text/csv",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;

export const formOf = (file: File): Form =>
  file.name.toLowerCase().endsWith(".xlsx") ? "xlsx" : "csv";

type Asked = { dry: boolean; errors?: boolean };

function send(object: string, file: File, mapping: Mapping, asked: Asked) {
  return api.POST("/api/v1/record-imports/{object}", {
    params: {
      path: { object },
      query: {
        mapping: JSON.stringify(mapping),
        dry_run: asked.dry,
        utc_offset_minutes: -new Date().getTimezoneOffset(),
        ...(asked.errors && { errors: "file" }),
      },
      header: { "idempotency-key": newKey() },
    },
    body: file as unknown as number[],
    bodySerializer: () => file,
    headers: { "content-type": TYPES[formOf(file)] },
    ...(asked.errors && { parseAs: "text" as const }),
  });
}

export async function importFile(
  object: string,
  file: File,
  mapping: Mapping,
  dry: boolean,
  told: (progress: Progress) => void,
): Promise<ImportOutcome> {
  told({ done: 0 });
  return (await answer(send(object, file, mapping, { dry }) as never)) as ImportOutcome;
}

/** The rows that do not fit as a file, with a column that says why. It is made by a dry run. */
export async function errorFile(object: string, file: File, mapping: Mapping): Promise<Blob> {
  const text = await answer(send(object, file, mapping, { dry: true, errors: true }) as never);
  return new Blob([text as string], { type: "text/csv;charset=utf-8" });
}

export type Exported = {
  filter: string | undefined;
  search: string | undefined;
  sort: string | undefined;
};

export async function exportFile(object: string, form: Form, asked: Exported): Promise<Blob> {
  const blob = await answer(
    api.POST("/api/v1/record-exports/{object}", {
      params: {
        path: { object },
        query: { form, ...said(asked) },
        header: { "idempotency-key": newKey() },
      },
      parseAs: "blob",
    }) as never,
  );
  return blob as Blob;
}

export function keep(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
