/** The trees, their nodes, the people, in three calls. */
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { everyRow } from "../../ui/directory";

export function useTrees() {
  return useQuery({
    queryKey: ["trees", "every"],
    queryFn: () => everyRow((query) => answer(api.GET("/api/v1/trees", { params: { query } }))),
  });
}

export function useEverybody() {
  return useQuery({
    queryKey: ["users", "every"],
    queryFn: () => everyRow((query) => answer(api.GET("/api/v1/users", { params: { query } }))),
  });
}
