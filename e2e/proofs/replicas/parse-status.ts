/** Reads haproxy's table of servers. @returns the state of each replica by its name, such as `UP` */
export const parseStatus = (csv: string): ReadonlyMap<string, string> => {
  const [head = '', ...lines] = csv.trim().split('\n');
  const columns = head.replace(/^# /, '').split(',');
  const [name, status] = [columns.indexOf('svname'), columns.indexOf('status')];
  return new Map(
    lines.map((line) => {
      const cells = line.split(',');
      return [cells[name] ?? '', cells[status] ?? ''] as const;
    }),
  );
};
