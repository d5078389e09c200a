import { BlockList, isIPv6 } from 'node:net';
import type { ILabelSelector } from '@kubernetes-models/apimachinery/apis/meta/v1/LabelSelector';
import type { INetworkPolicyPeer } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPeer';
import type { INetworkPolicyPort } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicyPort';
import type { INetworkPolicySpec } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicySpec';

/** A process in the cluster, or outside of it: then it has only an address. */
export type Endpoint = {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly address?: string;
};

type Labels = Readonly<Record<string, string>>;

const selects = ({ matchLabels = {}, matchExpressions = [] }: ILabelSelector, labels: Labels) =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values = [] }) => {
    if (operator !== 'In') throw new Error(`the operator ${operator} is not known here`);
    return values.includes(labels[key] ?? '');
  });

const isInRange = (address: string, cidr: string): boolean => {
  const [network = '', bits = ''] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
};

const isPeer = (peer: INetworkPolicyPeer, endpoint: Endpoint, ownNamespace: string): boolean => {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  const { address, namespace, labels = {} } = endpoint;
  if (ipBlock) {
    const { cidr, except = [] } = ipBlock;
    if (address === undefined) return false;
    return isInRange(address, cidr) && !except.some((range) => isInRange(address, range));
  }
  if (namespace === undefined) return false;
  const inNamespace = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': namespace })
    : namespace === ownNamespace;
  return inNamespace && (!podSelector || selects(podSelector, labels));
};

const isPort = ({ port, protocol = 'TCP' }: INetworkPolicyPort, wanted: number): boolean =>
  protocol === 'TCP' && (port === undefined || port === wanted);

type Rule = {
  readonly peers: readonly INetworkPolicyPeer[] | undefined;
  readonly ports: readonly INetworkPolicyPort[] | undefined;
};

/**
 * The network of one namespace, as the specification of NetworkPolicy has it: what is selected by a
 * policy of a direction may do in it what one of these allows; what is selected by none may do all.
 * @returns whether a process may open a TCP connection to a port of another
 */
export const makeNetwork = (policies: readonly INetworkPolicySpec[], ownNamespace: string) => {
  const allows = (
    direction: 'Ingress' | 'Egress',
    subject: Endpoint,
    other: Endpoint,
    port: number,
  ): boolean => {
    if (subject.namespace !== ownNamespace) return true;
    const own = policies.filter(
      ({ policyTypes = [], podSelector = {} }) =>
        policyTypes.includes(direction) && selects(podSelector, subject.labels ?? {}),
    );
    const rules = own.flatMap(({ ingress = [], egress = [] }): readonly Rule[] =>
      direction === 'Ingress'
        ? ingress.map(({ from, ports }) => ({ peers: from, ports }))
        : egress.map(({ to, ports }) => ({ peers: to, ports })),
    );
    return (
      own.length === 0 ||
      rules.some(
        ({ peers = [], ports = [] }) =>
          (peers.length === 0 || peers.some((peer) => isPeer(peer, other, ownNamespace))) &&
          (ports.length === 0 || ports.some((one) => isPort(one, port))),
      )
    );
  };
  return {
    canReach: (from: Endpoint, to: Endpoint, port: number): boolean =>
      allows('Egress', from, to, port) && allows('Ingress', to, from, port),
  };
};
