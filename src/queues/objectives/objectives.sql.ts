/** The objectives that queues have of their own. */
export const SELECT_OBJECTIVES = `SELECT name, objective FROM queues ORDER BY name`;
