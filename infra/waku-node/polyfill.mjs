// Node 20 lacks Promise.withResolvers, which libp2p calls. Imported first: modules are evaluated in import order.
Promise.withResolvers ??= function withResolvers() {
  let resolve, reject;
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
};
