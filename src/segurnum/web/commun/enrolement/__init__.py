"""What the enrolment pages of the two faces share: fields, forms, the way through the steps, the written record."""
