/**
 * What is looked at before values are sent. `wrong` is what the server refuses by the type of the field.
 * The server keeps any text as a phone number, so what looks odd is only asked about: a `doubt`.
 */
import type { edit } from "../../../i18n/edit";
import type { Field, FieldType } from "../model";
import type { Values } from "./draft";

export type Found = { field: string; is: "wrong" | "doubt"; says: keyof typeof edit };

/** The greatest number that is kept. */
const NUMBER_MAX = 922_337_203_685_477;
/** Decimal places that are kept. */
const PLACES = 4;
/** The most characters of a value, by type. */
const LENGTH_MAX: Partial<Record<FieldType, number>> = {
  text: 131_072,
  choice: 1_024,
  multi_choice: 1_024,
  reference: 255,
};

const PHONE = /^(?=(?:\D*\d){3})[\d\s()+./-]+(?:(?:ext\.?|x|转|#)\s*\d+)?$/i;
const MAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;
const PAGE = /^(?:https?:\/\/)?[^\s./]+(?:\.[^\s./]+)+(?:[/:?#]\S*)?$/i;

/** What texts are meant to look like, by what their field is called. */
const FORMS: readonly (readonly [field: RegExp, form: RegExp, says: keyof typeof edit])[] = [
  [/phone|mobile|fax/i, PHONE, "phoneOdd"],
  [/e-?mail/i, MAIL, "mailOdd"],
  [/website|url(__c)?$/i, PAGE, "pageOdd"],
];

/** Whether a number is money that is seldom below nothing. */
const isMoney = ({ id, class: kind }: Field): boolean =>
  kind === "financial" || /amount|revenue|price|budget|credit_limit/i.test(id);

/** Years of what is done with customers; people are born earlier. */
const [YEAR_FIRST, YEAR_LAST] = [1970, 2100];
const YEAR_BORN_FIRST = 1900;

function isOldOrFar({ id }: Field, value: string): boolean {
  const year = Number(value.slice(0, 4));
  return year < (/birth/i.test(id) ? YEAR_BORN_FIRST : YEAR_FIRST) || year > YEAR_LAST;
}

type Says = Omit<Found, "field"> | undefined;

function ofNumber(field: Field, value: number): Says {
  if (Math.abs(value) > NUMBER_MAX) return { is: "wrong", says: "numberGreat" };
  if (value < 0 && isMoney(field)) return { is: "doubt", says: "moneyNegative" };
  const kept = Number(value.toFixed(PLACES));
  return kept === value ? undefined : { is: "doubt", says: "numberPlaces" };
}

function ofText(field: Field, text: string): Says {
  if (field.type === "date" || field.type === "date_time") {
    return isOldOrFar(field, text) ? { is: "doubt", says: "dateOdd" } : undefined;
  }
  if (field.type !== "text") return undefined;
  const form = FORMS.find(([called]) => called.test(field.id));
  return form && !form[1].test(text.trim()) ? { is: "doubt", says: form[2] } : undefined;
}

function checked(field: Field, value: unknown): Says {
  if (typeof value === "number") return ofNumber(field, value);
  const texts = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  const most = LENGTH_MAX[field.type] ?? Number.POSITIVE_INFINITY;
  // As the server counts: characters, not units of the script.
  if (texts.some((text) => [...text].length > most)) return { is: "wrong", says: "textLong" };
  return texts[0] === undefined ? undefined : ofText(field, texts[0]);
}

/** What is found in values that are to be saved. */
export const checks = (fields: readonly Field[], values: Values): readonly Found[] =>
  fields.flatMap((field) => {
    const found = field.id in values ? checked(field, values[field.id]) : undefined;
    return found ? [{ field: field.id, ...found }] : [];
  });
