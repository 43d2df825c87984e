"""From draft to public: record checks, status transitions, the second person, the work queue."""
