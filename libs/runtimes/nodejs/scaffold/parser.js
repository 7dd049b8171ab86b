/** Answers a request with its body, and an event with its data. */
module.exports = async (context, input) => {
  return { received: context.cloudevent ? input.data : input };
};
