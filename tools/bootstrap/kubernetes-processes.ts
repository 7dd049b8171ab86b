/** A Kubernetes control plane of the tests in a record of processes, in the order in which it is stopped. */
export const KUBERNETES_PROCESSES: readonly string[] = ['kube-controller-manager', 'kube-apiserver', 'etcd'];
