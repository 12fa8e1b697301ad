// Everything you need for a function: export a handler.
//
// event    what the caller sent, parsed from JSON, for example {"name": "Alice"}
// context  about this call: context.awsRequestId, context.getRemainingTimeInMillis(), …
//
// What you return is the answer, as JSON. What you throw is the caller's error.
exports.handler = async (event, context) => {
  const name = event.name ?? 'World';

  // Anything you log is kept with this call and shown next to its result.
  console.log(`greeting ${name}`);

  return `Hello, ${name}!`;
};
