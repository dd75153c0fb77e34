/** What the server said a change comes to, gathered for reading: by object and action, then by person. */
import type { Schemas } from "../../api/client";

export type Gain = Schemas["Gain"];

export type Gathered = {
  object: string;
  action: string;
  way: "gain" | "lose";
  records: number;
  people: readonly { user: string; records: number; samples: readonly string[] }[];
};

/** The largest change first; what is lost stands apart from what is gained. */
export function gathered(gains: readonly Gain[]): Gathered[] {
  const all = new Map<string, Gathered>();
  for (const gain of gains) {
    for (const way of ["gain", "lose"] as const) {
      const records = way === "gain" ? gain.gained : gain.lost;
      if (records === 0) continue;
      const samples = way === "gain" ? gain.gained_samples : gain.lost_samples;
      const key = `${way} ${gain.object} ${gain.action}`;
      const { object, action } = gain;
      const so = all.get(key) ?? { object, action, way, records: 0, people: [] };
      all.set(key, {
        ...so,
        records: so.records + records,
        people: [...so.people, { user: gain.user, records, samples }],
      });
    }
  }
  return [...all.values()]
    .map((one) => ({ ...one, people: [...one.people].sort((a, b) => b.records - a.records) }))
    .sort((a, b) => b.people.length - a.people.length || b.records - a.records);
}
