/** What of the setup is done: as the server says it; and what was skipped, remembered in this browser. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { useMay } from "../../session";
import { useColleagues, useNodes, useObjects } from "../../ui/directory";

export const STEPS = [
  "organization",
  "import",
  "departments",
  "people",
  "access",
  "trying",
  "safety",
] as const;
export type Step = (typeof STEPS)[number];

const SKIPPED = "guan.setup.skipped";

export function useSkipped() {
  const [skipped, setSkipped] = useState<readonly string[]>(
    () => localStorage.getItem(SKIPPED)?.split(",") ?? [],
  );
  const skip = (step: Step) => {
    const next = [...new Set([...skipped, step])];
    localStorage.setItem(SKIPPED, next.join(","));
    setSkipped(next);
  };
  return [skipped, skip] as const;
}

export function useOrganization() {
  return useQuery({
    queryKey: ["organization"],
    queryFn: () => answer(api.GET("/api/v1/organization")),
  });
}

/** Steps that the present state of the installation makes done. */
export function useDone(): Readonly<Record<Step, boolean>> {
  const may = useMay();
  const organization = useOrganization().data;
  const nodes = useNodes().data?.length ?? 0;
  const users = useColleagues().data?.length ?? 0;
  const objects = useObjects().data ?? [];
  const system = useQuery({
    queryKey: ["system"],
    queryFn: () => answer(api.GET("/api/v1/system")),
  });
  const backups = useQuery({
    queryKey: ["backups", "any"],
    queryFn: () => answer(api.GET("/api/v1/backups", { params: { query: { limit: 1 } } })),
    enabled: may(["guan.manage_backups"]),
  });
  const records = system.data?.records.reduce((sum, { count }) => sum + count, 0) ?? 0;
  return {
    organization: Boolean(organization?.name && organization.name !== organization.id),
    import: objects.length > 0 && nodes > 0 && records > 0,
    departments: nodes > 0,
    people: users > 1,
    access: objects.length > 0,
    trying: records > 0,
    safety: (backups.data?.items.length ?? 0) > 0,
  };
}
