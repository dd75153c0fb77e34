//! Permission files of other CRMs into the model, with a list of losses; bytes in, values out.
