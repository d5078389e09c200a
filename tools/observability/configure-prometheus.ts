import { stringify } from 'yaml';

/** What a Prometheus on the machine of the shop reads. */
export type PrometheusSettings = {
  /** The private address of each service, such as `127.0.0.1:9401`. */
  readonly targets: Readonly<Record<string, string>>;
  /** Files of rules, absolute. */
  readonly rules: readonly string[];
  /** Between two readings, and between two evaluations of the rules. */
  readonly intervalSeconds: number;
};

/** Writes the configuration of a Prometheus, as YAML. Series have the labels of docker/prometheus/. */
export const configurePrometheus = ({
  targets,
  rules,
  intervalSeconds,
}: PrometheusSettings): string => {
  const interval = `${intervalSeconds}s`;
  return stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    rule_files: rules,
    scrape_configs: [
      {
        job_name: 'cartograph',
        static_configs: Object.entries(targets).map(([service, address]) => ({
          targets: [address],
          labels: { service },
        })),
      },
    ],
  });
};
